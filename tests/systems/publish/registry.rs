//! A registry on a free port: Debian's package of the reference implementation.

use crate::build_systems::apt;
use ampoule_support::{scratch, succeed};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// A registry, until it is dropped.
pub struct Registry {
    process: Child,
    address: String,
    _folder: tempfile::TempDir,
}

impl Registry {
    /// Starts it with nothing in it, for everybody or for those that a password file names.
    pub fn start(passwords: Option<&str>) -> Registry {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let path = folder.path().display();
        let mut configuration = format!(
            "version: 0.1\nhttp: {{addr: \"127.0.0.1:0\"}}\nstorage: {{filesystem: {{rootdirectory: \"{path}/storage\"}}}}\n"
        );
        if let Some(passwords) = passwords {
            std::fs::write(folder.path().join("passwords"), passwords).expect("the folder is ours");
            configuration.push_str(&format!(
                "auth: {{htpasswd: {{realm: test, path: \"{path}/passwords\"}}}}\n"
            ));
        }
        let file = folder.path().join("configuration.yml");
        std::fs::write(&file, configuration).expect("the folder is ours");
        let mut command = Command::new(program());
        command
            .arg("serve")
            .arg(file)
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut process = command.spawn().expect("it can be started");
        let mut log = BufReader::new(process.stderr.take().expect("it is piped")).lines();
        let address = log.find_map(|line| {
            let line = line.expect("it is text");
            let (_, address) = line.split_once("listening on ")?;
            Some(address.split('"').next().unwrap_or_default().to_string())
        });
        // Nobody reads it, and it must not wait for that.
        std::thread::spawn(move || log.for_each(drop));
        Registry {
            process,
            address: address.expect("it says its address"),
            _folder: folder,
        }
    }

    /// Its address, as credentials are kept under it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The reference of a name with a tag in it.
    pub fn reference(&self, name: &str) -> String {
        format!("{}/{name}", self.address)
    }

    /// The bytes of a manifest under a tag or digest.
    pub fn manifest(&self, name: &str, reference: &str, media_type: &str) -> Vec<u8> {
        let url = format!("http://{}/v2/{name}/manifests/{reference}", self.address);
        let request = ureq::get(url).header("accept", media_type);
        let mut response = request.call().expect("the manifest is there");
        assert_eq!(response.headers()["content-type"], media_type);
        response.body_mut().read_to_vec().expect("it can be read")
    }

    /// The content of what a descriptor names.
    pub fn blob(&self, name: &str, descriptor: &Value) -> Vec<u8> {
        let digest = descriptor["digest"].as_str().expect("a descriptor has a digest");
        let mut response = ureq::get(format!("http://{}/v2/{name}/blobs/{digest}", self.address))
            .call()
            .expect("the blob is there");
        let content = response.body_mut().with_config().limit(1 << 30).read_to_vec();
        let content = content.expect("it can be read");
        assert_eq!(descriptor["size"], content.len());
        content
    }

    /// What refers to a manifest, by the index under the tag of its digest.
    pub fn referrers(&self, name: &str, digest: &str) -> Vec<Value> {
        let index = self.manifest(name, &digest.replace(':', "-"), super::INDEX);
        let index: Value = serde_json::from_slice(&index).expect("an index is JSON");
        assert_eq!(
            (&index["schemaVersion"], &index["mediaType"]),
            (&2.into(), &super::INDEX.into())
        );
        index["manifests"].as_array().expect("it names manifests").clone()
    }

    /// The tags of a repository, if it is there.
    pub fn tags(&self, name: &str) -> Option<Value> {
        let mut response = ureq::get(format!("http://{}/v2/{name}/tags/list", self.address))
            .call()
            .ok()?;
        let tags = response.body_mut().read_to_vec().expect("it can be read");
        Some(serde_json::from_slice(&tags).expect("tags are JSON"))
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.process.kill().expect("it can be ended");
        self.process.wait().expect("it ends");
    }
}

/// The program of Debian's package, which is unpacked and not installed: an installed one would begin to serve.
fn program() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let folder = scratch().join("registry");
        let program = folder.join("usr/bin/docker-registry");
        if !program.exists() {
            std::fs::create_dir_all(&folder).expect("the folder is ours");
            let _alone = apt();
            succeed(Command::new("apt-get").args(["update", "--quiet"]));
            succeed(
                Command::new("apt-get")
                    .args(["download", "docker-registry"])
                    .current_dir(&folder),
            );
            succeed(
                Command::new("sh")
                    .args(["-euc", "dpkg-deb --extract docker-registry_*.deb ."])
                    .current_dir(&folder),
            );
        }
        program
    })
}

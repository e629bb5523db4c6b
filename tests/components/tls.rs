//! What Python has from the TLS library: hashes without WASI, TLS in memory and over sockets. The other end is OpenSSL's own program.

use ampoule_support::component::App;
use ampoule_support::{ampoule, copy, root, succeed, text};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// The functions of the app `hashes`, each with what it gives. PBKDF2 of SHA-256 and scrypt as in RFC 7914, of SHA-1 as in RFC 6070.
const HASHES: &[(&str, &str)] = &[
    (
        "derived_once",
        "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783",
    ),
    (
        "derived_often",
        "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d",
    ),
    ("derived_by_sha1", "4b007901b765489abead49d926f721d065a429c1"),
    (
        "scrypt_of_nothing",
        "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
    ),
    (
        "scrypt_of_a_password",
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
    ),
    ("ripemd160", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
    (
        "sha512_256",
        "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23",
    ),
    (
        "sha3",
        "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
    ),
    ("shake", "7f9c2ba4e88f827d616045507605853e"),
    (
        "authenticated",
        "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
    ),
    ("from_the_library", "('_hashlib', '_hashlib')"),
    ("available", "set()"),
    ("unknown", "ValueError: unsupported hash type whirlpool"),
];

#[test]
fn hashes_without_wasi() {
    let app = App::build("hashes");
    assert_eq!(app.imports(), Vec::<String>::new());
    for (name, expected) in HASHES {
        assert_eq!(app.check_alone(name).expect(name), *expected, "{name}");
    }
    let refused = app.check_alone("scrypt_beyond_its_memory").unwrap();
    assert!(refused.starts_with("ValueError: "), "{refused}");
}

/// The app `tls` with a certificate of its own, built once.
fn app() -> &'static (tempfile::TempDir, PathBuf) {
    static APP: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    APP.get_or_init(|| {
        let folder = copy(&root().join("tests/apps/tls"));
        certify(folder.path());
        std::fs::write(folder.path().join("page.txt"), "Grüße").unwrap();
        let printed = succeed(ampoule(folder.path()).arg("build"));
        let component = folder.path().join(printed.trim_end());
        (folder, component)
    })
}

/// Makes a key, and a certificate for localhost that is signed with it.
fn certify(folder: &Path) {
    let mut openssl = Command::new("openssl");
    openssl
        .current_dir(folder)
        .args(["req", "-x509", "-nodes", "-days", "3650"]);
    openssl.args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]);
    openssl.args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]);
    succeed(openssl.args(["-keyout", "key.pem", "-out", "certificate.pem"]));
}

fn check(call: &str) -> Command {
    let (folder, component) = app();
    let mut command = ampoule(folder.path());
    command.args(["run", "--network"]).arg(component);
    command.arg(format!("check(\"{call}\")"));
    command
}

fn checked(call: &str) -> String {
    succeed(&mut check(call)).trim_end().trim_matches('"').to_string()
}

#[test]
fn in_memory() {
    let expected =
        r"(\'TLSv1.3\', \'TLS_CHACHA20_POLY1305_SHA256\', b\'QUESTION\', (((\'commonName\', \'localhost\'),),), [])";
    assert_eq!(checked("in_memory"), expected);
    let refused = checked("in_memory_of_another_name");
    assert!(refused.starts_with("SSLCertVerificationError: "), "{refused}");
    assert!(refused.contains("ostname mismatch"), "{refused}");
}

/// Nothing of a generator is in the snapshot: each instance has other numbers.
#[test]
fn random_numbers() {
    let (first, second) = (checked("random_bytes"), checked("random_bytes"));
    assert_eq!((first.len(), second.len()), (600, 600));
    assert_ne!(first, second);
}

#[test]
fn the_library() {
    let version = checked("version");
    assert!(version.contains("AWS-LC") && version.ends_with("True)"), "{version}");
    assert_eq!(checked("after_the_handshake"), "None");
}

/// OpenSSL's server for files in the app's folder, until it is dropped.
struct Peer {
    process: Child,
    port: String,
}

impl Peer {
    fn start() -> Peer {
        let mut openssl = Command::new("openssl");
        openssl.args(["s_server", "-WWW", "-accept", "127.0.0.1:0"]);
        openssl.args(["-cert", "certificate.pem", "-key", "key.pem"]);
        openssl.current_dir(app().0.path()).stdout(Stdio::piped());
        let mut process = openssl.spawn().expect("openssl can be started");
        let mut lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let port = lines.find_map(|line| Some(line.ok()?.strip_prefix("ACCEPT ")?.rsplit_once(':')?.1.to_string()));
        let port = port.expect("it says where it listens");
        // Read on, so that it can go on printing.
        std::thread::spawn(move || lines.count());
        Peer { process, port }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.process.kill().expect("it can be ended");
        self.process.wait().expect("it ends");
    }
}

#[test]
fn client() {
    let peer = Peer::start();
    assert_eq!(
        checked(&format!("fetch {}", peer.port)),
        r"(200, b\'Gr\\xc3\\xbc\\xc3\\x9fe\')"
    );
    let untrusted = checked(&format!("fetch_untrusted {}", peer.port));
    assert!(untrusted.starts_with(r"(\'SSLCertVerificationError\', "), "{untrusted}");
    assert_eq!(checked(&format!("older {}", peer.port)), "TLSv1.2");
}

#[test]
fn server() {
    let mut server = check("serve")
        .stdout(Stdio::piped())
        .spawn()
        .expect("it can be started");
    let mut stdout = BufReader::new(server.stdout.take().expect("it is piped"));
    let mut port = String::new();
    stdout.read_line(&mut port).expect("it prints its port");
    let mut openssl = Command::new("openssl");
    openssl.args(["s_client", "-quiet", "-verify_return_error", "-servername", "localhost"]);
    openssl.args([
        "-CAfile",
        "certificate.pem",
        "-connect",
        &format!("127.0.0.1:{}", port.trim()),
    ]);
    openssl
        .current_dir(app().0.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut client = openssl.spawn().expect("openssl can be started");
    writeln!(client.stdin.as_mut().expect("it is piped"), "question").unwrap();
    let mut answer = vec![0; 9];
    client
        .stdout
        .as_mut()
        .expect("it is piped")
        .read_exact(&mut answer)
        .unwrap();
    assert_eq!(text(&answer), "QUESTION\n");
    drop(client.stdin.take());
    client.wait().expect("it ends");
    let mut result = String::new();
    stdout.read_to_string(&mut result).unwrap();
    assert_eq!(result.trim_end(), r#""(\'TLSv1.3\', b\'question\\n\')""#);
    assert!(server.wait().expect("it ends").success());
}

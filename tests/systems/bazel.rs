//! Ampoule with Bazel, in Bazel's own sandbox and on a server of the Remote Execution API: the driver's bytes, action by action.
//!
//! There is no network but the loopback. The toolchain is built once, into a disk cache that later runs find; each test starts
//! with a copy of it that holds nothing else.

use crate::build_systems::{copy_repository, machine, run, tools};
use ampoule_action::{Digest, Record};
use ampoule_support::component::App;
use ampoule_support::{ampoule, cache, copy_into, root, succeed, text};
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

const EXAMPLES: [&str; 3] = ["hello", "echo", "extension"];

/// Bazel with its own output root, and the options for a machine without a network.
const PRELUDE: &str = "\
bazel() {
    command bazel --output_user_root=/scratch/root --bazelrc=/ampoule/tests/build-systems/bazel/offline.bazelrc \"$@\"
}
export AMPOULE_TOOLS=/tools/bin
cd /ampoule
";

/// A scratch folder, in the root at `/scratch`, with a copy of the repository, at `/ampoule`.
struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// A folder whose disk cache, at `/scratch/disk`, has the toolchain.
    fn new(name: &str) -> Scratch {
        let scratch = Scratch::empty(name);
        let from = toolchain().join(".");
        // Hard links: Bazel never writes to a file of the cache again.
        succeed(Command::new("cp").arg("-al").arg(from).arg(scratch.path("disk")));
        scratch
    }

    fn empty(name: &str) -> Scratch {
        let folder = scratch_root().join(name);
        remove(&folder);
        let scratch = Scratch { folder };
        copy_repository(&scratch.path("ampoule"));
        std::fs::create_dir_all(scratch.path("disk")).expect("a folder can be made");
        scratch
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn run(&self, script: &str) -> Output {
        self.run_with(&[], script)
    }

    /// Runs a script with more folders bound into the root.
    fn run_with(&self, more: &[(&Path, &str)], script: &str) -> Output {
        let repository = self.path("ampoule");
        let mut binds = vec![
            (self.folder.as_path(), "/scratch"),
            (&repository, "/ampoule"),
            (tools(), "/tools"),
            (pins(), "/pins"),
        ];
        binds.extend(more);
        run(&binds, &format!("{PRELUDE}{script}"))
    }

    /// Runs a script that must succeed; gives what it prints.
    fn bazel(&self, script: &str) -> String {
        let output = self.run(script);
        assert!(output.status.success(), "{script}\nfailed:\n{}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs a script that must fail; gives what it complains of.
    fn refused(&self, script: &str) -> String {
        let output = self.run(script);
        let printed = text(&output.stderr) + &text(&output.stdout);
        assert!(!output.status.success(), "{script} succeeded:\n{printed}");
        printed
    }

    /// The actions in an execution log, by their first output.
    fn log(&self, name: &str) -> BTreeMap<String, Spawn> {
        let content = std::fs::read_to_string(self.path(name)).expect("Bazel has written the log");
        let spawns = serde_json::Deserializer::from_str(&content).into_iter::<Spawn>();
        let spawns = spawns.map(|spawn| spawn.expect("an entry of the log is JSON"));
        spawns.map(|spawn| (spawn.listed_outputs[0].clone(), spawn)).collect()
    }

    /// Writes a file of the repository's copy anew.
    fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.path("ampoule").join(file);
        let content = std::fs::read_to_string(&path).expect("the file can be read");
        assert!(content.contains(from), "{file} has {from}");
        std::fs::write(path, content.replace(from, to)).expect("the file can be written");
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            remove(&self.folder);
        }
    }
}

/// What the execution log says of an action.
#[derive(Debug, PartialEq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spawn {
    mnemonic: String,
    runner: String,
    #[serde(default)]
    cache_hit: bool,
    listed_outputs: Vec<String>,
    #[serde(default)]
    command_args: Vec<String>,
    #[serde(default)]
    environment_variables: Vec<serde_json::Value>,
    #[serde(default)]
    inputs: Vec<serde_json::Value>,
    #[serde(default)]
    actual_outputs: Vec<serde_json::Value>,
}

/// Removes a folder with the read-only folders that Bazel leaves.
fn remove(folder: &Path) {
    if folder.exists() {
        succeed(Command::new("rm").arg("-rf").arg(folder));
    }
}

fn scratch_root() -> PathBuf {
    ampoule_support::scratch().join("bazel")
}

/// The pinned files, which the driver has fetched into the tests' cache.
fn pins() -> &'static Path {
    static PINS: OnceLock<PathBuf> = OnceLock::new();
    PINS.get_or_init(|| {
        for example in EXAMPLES {
            build_by_driver(example);
        }
        cache().join("files")
    })
}

/// A disk cache with the toolchain and nothing else: for this repository, and for one that depends on it as a module, where the
/// same files have other paths.
fn toolchain() -> &'static Path {
    static TOOLCHAIN: OnceLock<PathBuf> = OnceLock::new();
    TOOLCHAIN.get_or_init(|| {
        let folder = scratch_root().join("toolchain");
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        let scratch = Scratch::empty("building-the-toolchain");
        let script = "bazel build --disk_cache=/disk //bazel:toolchain --output_groups=+sdk,+cpython
            bazel shutdown
            cd examples/bazel
            bazel build --disk_cache=/disk @ampoule//bazel:toolchain --output_groups=+sdk,+cpython";
        let output = scratch.run_with(&[(&folder, "/disk")], script);
        assert!(output.status.success(), "{}", text(&output.stderr));
        folder
    })
}

/// Where an example is built by the driver.
fn driver_folder(example: &str) -> PathBuf {
    scratch_root().join("driver").join(example)
}

/// Builds an example with the driver, with the records in `.records`.
fn build_by_driver(example: &str) {
    let folder = driver_folder(example);
    remove(&folder);
    copy_into(&root().join("examples").join(example), &folder);
    succeed(ampoule(&folder).args(["build", "--records", ".records"]));
}

/// The digests of all outputs of a build by the driver, as `stage:output`.
fn outputs_of_driver(example: &str) -> BTreeSet<(String, Digest)> {
    pins();
    let folder = driver_folder(example).join(".records");
    let entries = std::fs::read_dir(folder).expect("the driver has written its records");
    let records = entries.map(|entry| Record::read(&entry.expect("it can be read").path()).expect("it is a record"));
    let named = |record: Record| {
        let stage = record.stage;
        record
            .outputs
            .into_iter()
            .map(move |(name, digest)| (format!("{stage}:{name}"), digest))
    };
    records.flat_map(named).collect()
}

/// The digest that the driver would record of a stage's output: Bazel makes every file executable, the stages only programs and,
/// as the linker does, the extension modules of `cpython`.
fn digest(output: &str, path: &Path) -> Digest {
    let is_executable = |file: &Path| match output {
        "sdk:sdk" => file
            .parent()
            .is_some_and(|folder| folder.ends_with("bin") || folder.ends_with("libexec")),
        "cpython:cpython" => file.extension().is_some_and(|extension| extension == "so"),
        _ => false,
    };
    for entry in walkdir::WalkDir::new(path) {
        let entry = entry.expect("the output can be read");
        let mode = if entry.file_type().is_dir() || is_executable(entry.path()) {
            0o755
        } else {
            0o644
        };
        std::fs::set_permissions(entry.path(), std::fs::Permissions::from_mode(mode)).expect("the copy is ours");
    }
    Digest::of_path(path).expect("the output can be read")
}

#[test]
fn every_stage_gives_the_bytes_of_the_driver() {
    let scratch = Scratch::new("bytes");
    scratch.bazel(
        "bazel build --disk_cache=/scratch/disk //examples/{hello,echo,extension}:app //bazel:toolchain \
            --output_groups=+bindings,+image,+linked,+report,+snapshot,+sdk,+cpython
        mkdir -p /scratch/out
        cp -rL bazel-out/*/bin/external/*ampoule_toolchains /scratch/out/toolchain
        for example in hello echo extension; do cp -rL bazel-bin/examples/$example /scratch/out/; done",
    );
    for example in EXAMPLES {
        let theirs = outputs_of_driver(example);
        let app = scratch.path("out").join(example);
        let toolchain = scratch
            .path("out/toolchain")
            .join(format!("prebuilt_{}-linux_", std::env::consts::ARCH));
        let part = |name: &str| PathBuf::from(format!("{}{name}", toolchain.display()));
        let mut ours = vec![
            ("sdk:sdk", part("sdk")),
            ("cpython:cpython", part("cpython")),
            ("interpreter:base", part("interpreter/base.wasm")),
            ("interpreter:initialised", part("interpreter/initialised.wasm")),
            ("interpreter:precompiled", part("interpreter/initialised.cwasm")),
            ("interpreter:imports", part("interpreter/imports.json")),
            ("interpreter:stdlib", part("interpreter/lib/python3.13")),
            (
                "interpreter:precompiled-extensions",
                part("interpreter/precompiled-extensions"),
            ),
            ("bindgen:bindings", app.join("app.bindings")),
            ("compile:image", app.join("app.image")),
            ("compile:extensions", app.join("app.extensions")),
            ("link:linked", app.join("app.linked.wasm")),
            ("link:layout", app.join("app.layout.json")),
            ("link:report", app.join("app.report.json")),
            ("snapshot:snapshot", app.join("app.snapshot.wasm")),
            ("component:component", app.join("app.wasm")),
        ];
        if example == "extension" {
            ours.extend([
                ("extension:extension", app.join("words.so")),
                ("extension:extension", app.join("speedups.so")),
            ]);
        }
        for (name, path) in ours {
            let output = (name.to_string(), digest(name, &path));
            assert!(
                theirs.contains(&output),
                "{example}: {output:?} is not among {theirs:#?}"
            );
        }
    }
}

/// An app whose Python is started in another way has interpreters of its own, as with the driver.
#[test]
fn python_is_started_as_the_app_says() {
    let scratch = Scratch::new("start");
    let seeded = |seed: &str| {
        format!(
            "    app = \"app\",\n    hash_seed = {seed},\n    python_options = [\"-OO\"],\n    \
             python_variables = {{\"PYTHONDEVMODE\": \"1\"}},\n"
        )
    };
    scratch.edit("examples/hello/BUILD.bazel", "    app = \"app\",\n", &seeded("7"));
    scratch.bazel(
        "bazel build --disk_cache=/scratch/disk //examples/hello:app
        cp bazel-bin/examples/hello/app.wasm /scratch/seeded.wasm",
    );
    // The description of the target is in the component, as every file of the folder is.
    let project = scratch.path("ampoule/examples/hello");
    succeed(ampoule(&project).args([
        "build",
        "--hash-seed",
        "7",
        "-OO",
        "--python-variable",
        "PYTHONDEVMODE=1",
    ]));
    let by_driver = std::fs::read(project.join("hello.wasm")).expect("the driver has made the component");
    let by_bazel = std::fs::read(scratch.path("seeded.wasm")).expect("Bazel has made the component");
    assert!(by_driver == by_bazel, "the components differ");

    scratch.edit("examples/hello/BUILD.bazel", &seeded("7"), &seeded("-7"));
    let complaint = scratch.refused("bazel build --nobuild //examples/hello:app");
    assert!(complaint.contains("hash_seed is -7; give 0 for none"), "{complaint}");
}

/// The actions of an app whose stages have these names, in whatever order they ran.
fn stages(log: &BTreeMap<String, Spawn>) -> BTreeSet<&str> {
    let ours = log.values().filter_map(|spawn| spawn.mnemonic.strip_prefix("Ampoule"));
    ours.collect()
}

#[test]
fn builds_in_two_places_are_the_same_action_by_action() {
    let scratch = Scratch::new("places");
    scratch.bazel(
        "cp -al /scratch/disk /scratch/other-disk
        cp -a /ampoule /scratch/elsewhere
        bazel build --disk_cache=/scratch/disk --execution_log_json_file=/scratch/one.json //examples/hello:app
        bazel shutdown
        cd /scratch/elsewhere
        command bazel --output_user_root=/scratch/other/root --bazelrc=/ampoule/tests/build-systems/bazel/offline.bazelrc build \
            --disk_cache=/scratch/other-disk --execution_log_json_file=/scratch/two.json //examples/hello:app",
    );
    let (one, two) = (scratch.log("one.json"), scratch.log("two.json"));
    assert_eq!(one, two);
    let app: Vec<_> = one.values().filter(|spawn| !spawn.cache_hit).collect();
    let mnemonics: BTreeSet<&str> = app.iter().map(|spawn| spawn.mnemonic.as_str()).collect();
    let expected = [
        "AmpouleBindgen",
        "AmpouleCompile",
        "AmpouleComponent",
        "AmpouleLink",
        "AmpouleSnapshot",
    ];
    assert_eq!(mnemonics, BTreeSet::from(expected));
    for spawn in app {
        assert_eq!(spawn.runner, "linux-sandbox");
        assert!(spawn.environment_variables.is_empty(), "{spawn:?}");
        assert!(
            !spawn.command_args.iter().any(|argument| argument.starts_with('/')),
            "{spawn:?}"
        );
    }
}

#[test]
fn an_expunged_workspace_finds_everything_in_the_disk_cache() {
    let scratch = Scratch::new("disk-cache");
    scratch.bazel(
        "bazel build --disk_cache=/scratch/disk //examples/hello:app
        cp bazel-bin/examples/hello/app.wasm /scratch/one.wasm
        bazel clean --expunge
        bazel build --disk_cache=/scratch/disk --execution_log_json_file=/scratch/again.json //examples/hello:app
        cp bazel-bin/examples/hello/app.wasm /scratch/two.wasm
        bazel build --disk_cache=/scratch/disk --execution_log_json_file=/scratch/third.json //examples/hello:app",
    );
    let again = scratch.log("again.json");
    assert!(stages(&again).contains("Component"));
    for spawn in again.values() {
        assert_eq!(spawn.runner, "disk cache hit", "{}", spawn.mnemonic);
    }
    assert!(scratch.log("third.json").is_empty());
    assert!(std::fs::read(scratch.path("one.wasm")).unwrap() == std::fs::read(scratch.path("two.wasm")).unwrap());
}

#[test]
fn a_change_runs_the_actions_that_read_it() {
    let scratch = Scratch::new("changes");
    scratch.bazel(
        "build() { bazel build --disk_cache=/scratch/disk --execution_log_json_file=/scratch/$1.json //examples/hello:app; }
        build first
        sed -i 's/Hello/Welcome/' examples/hello/app.py
        build python
        sed -i 's/export greet: .*/&\\n  export leave: func();/' examples/hello/wit/hello.wit
        printf '\n    def leave(self) -> None:\n        pass\n' >> examples/hello/app.py
        build wit",
    );
    let with_python = BTreeSet::from(["Compile", "Snapshot", "Component"]);
    assert_eq!(stages(&scratch.log("python.json")), with_python);
    let with_wit = BTreeSet::from(["Bindgen", "Compile", "Link", "Snapshot", "Component"]);
    assert_eq!(stages(&scratch.log("wit.json")), with_wit);
}

/// A workspace of its own: libraries, data, a test of the app without a component, one of the component's exports; and that with a
/// wrong expectation.
#[test]
fn another_workspace_depends_on_the_module() {
    let scratch = Scratch::new("consumer");
    let printed = scratch.refused(
        "cd examples/bazel
        bazel test --disk_cache=/scratch/disk //... || exit 0
        cp bazel-bin/app/sealed.wasm bazel-bin/app/sealed.image/lib/python3.13/fractions.pyc /scratch/
        sed -i 's/2 euros and 50 cents/3 euros/' app/BUILD.bazel
        bazel test --disk_cache=/scratch/disk //...",
    );
    let complaint = r#"`offer("tea")` gives ok("tea: 2 euros and 50 cents"), and ok("tea: 3 euros") is expected"#;
    assert!(printed.contains(complaint), "{printed}");
    let result = printed.lines().find(|line| line.starts_with("//app:native_test "));
    assert!(result.is_some_and(|line| line.contains(" PASSED ")), "{printed}");
    assert_eq!(App::load(&scratch.path("sealed.wasm")).imports(), Vec::<String>::new());
    assert!(scratch.path("fractions.pyc").is_file());
}

/// Starts a server of the Remote Execution API at port 18980, with the versions that Debian's Bazel understands at 18981.
const SERVER: &str = "
    buildbox-casd --bind 127.0.0.1:18980 --buildbox-run=/usr/bin/buildbox-run-hosttools --jobs 2 /scratch/casd >/scratch/casd.log 2>&1 &
    python3 tests/build-systems/bazel/capabilities.py 18981 18980 &
    for port in 18980 18981; do
        for _ in {1..300}; do (: </dev/tcp/127.0.0.1/$port) 2>/dev/null && break; sleep 0.1; done
    done
";

#[test]
fn a_server_executes_and_caches() {
    let scratch = Scratch::new("remote");
    let server = "grpc://127.0.0.1:18981";
    scratch.bazel(&format!(
        "{SERVER}
        build() {{ bazel build --execution_log_json_file=/scratch/$1.json //examples/hello:app \"${{@:2}}\"; cp -f bazel-bin/examples/hello/app.wasm /scratch/$1.wasm; }}
        for name in executed cached; do cp -al /scratch/disk /scratch/$name; done
        build local --disk_cache=/scratch/disk
        bazel clean
        build executed --disk_cache=/scratch/executed --remote_executor={server} --spawn_strategy=remote --remote_download_outputs=all
        bazel clean
        build cached --disk_cache=/scratch/cached --remote_cache={server} --remote_download_outputs=all"
    ));
    let runners = |name: &str, runner: &str| {
        let log = scratch.log(name);
        log.values()
            .filter(|spawn| spawn.runner == runner)
            .map(|spawn| spawn.mnemonic.clone())
            .collect::<BTreeSet<_>>()
    };
    let app = [
        "AmpouleBindgen",
        "AmpouleCompile",
        "AmpouleComponent",
        "AmpouleLink",
        "AmpouleSnapshot",
    ];
    let app = BTreeSet::from(app.map(str::to_string));
    assert_eq!(runners("executed.json", "remote"), app);
    assert!(app.is_subset(&runners("cached.json", "remote cache hit")));
    let component = |name: &str| std::fs::read(scratch.path(name)).expect("Bazel has made the component");
    assert!(component("local.wasm") == component("executed.wasm"));
    assert!(component("local.wasm") == component("cached.wasm"));
}

/// BuildGrid's Python packages for the Python of the root, installed once.
fn buildgrid() -> PathBuf {
    let python = std::fs::read_link(machine().join("usr/bin/python3")).expect("the root has Python");
    let version = text(python.as_os_str().as_encoded_bytes()).replace("python", "");
    let packages = ampoule_support::scratch().join("buildgrid");
    let requirements = root().join("tests/build-systems/buildgrid/requirements.txt");
    // All of them are listed: nothing is resolved, which would go by the Python that runs pip.
    let arguments = [
        "install",
        "--quiet",
        "--no-deps",
        "--ignore-requires-python",
        "--upgrade",
    ];
    let binary = [
        "--only-binary=:all:",
        "--implementation=cp",
        "--python-version",
        &version,
    ];
    let mut pip = Command::new("pip");
    pip.args(arguments).args(binary).arg("--target").arg(&packages);
    succeed(pip.arg("--requirement").arg(requirements));
    packages
}

/// A grid of two workers: both get actions, and the components are the driver's.
#[test]
#[ignore = "installs BuildGrid; sets a database, a server and two workers up"]
fn two_workers_of_a_grid_execute() {
    let scratch = Scratch::new("grid");
    let output = scratch.run_with(
        &[(&buildgrid(), "/buildgrid")],
        "tests/build-systems/buildgrid/start.sh
        bazel build --execution_log_json_file=/scratch/log.json --disk_cache=/scratch/disk \\
            --remote_executor=grpc://127.0.0.1:18980 --remote_default_exec_properties=OSFamily=linux \\
            --spawn_strategy=remote --remote_download_outputs=all //examples/{hello,echo,extension}:app
        for example in hello echo extension; do cp -f bazel-bin/examples/$example/app.wasm /scratch/$example.wasm; done",
    );
    assert!(output.status.success(), "{}", text(&output.stderr));

    let log = scratch.log("log.json");
    let executed = log.values().filter(|spawn| spawn.runner == "remote");
    let stages: BTreeSet<&str> = executed.map(|spawn| spawn.mnemonic.as_str()).collect();
    for stage in [
        "AmpouleBindgen",
        "AmpouleCompile",
        "AmpouleComponent",
        "AmpouleLink",
        "AmpouleSnapshot",
    ] {
        assert!(stages.contains(stage), "{stages:?}");
    }
    for worker in ["first", "second"] {
        let said = std::fs::read_to_string(scratch.path("buildgrid").join(worker).with_extension("log"));
        assert!(
            said.expect("the worker has a log").contains("Executing"),
            "{worker} got no action"
        );
    }
    for example in EXAMPLES {
        build_by_driver(example);
        let component = Digest::of_file(&scratch.path(example).with_extension("wasm")).expect("Bazel has made it");
        let by_driver = outputs_of_driver(example);
        assert!(
            by_driver.contains(&("component:component".to_string(), component)),
            "{example}"
        );
    }
}

#[test]
fn the_actions_declare_what_they_read() {
    let scratch = Scratch::new("aquery");
    let printed =
        scratch.bazel("bazel aquery --output=jsonproto 'mnemonic(\"Ampoule.*\", deps(//examples/extension:app))'");
    let graph: serde_json::Value = serde_json::from_str(&printed).expect("aquery prints JSON");
    let actions = graph["actions"].as_array().expect("there are actions");
    let mnemonics: BTreeSet<&str> = actions
        .iter()
        .filter_map(|action| action["mnemonic"].as_str())
        .collect();
    let expected = [
        "AmpouleBindgen",
        "AmpouleCompile",
        "AmpouleComponent",
        "AmpouleCpython",
        "AmpouleExtension",
        "AmpouleInterpreter",
        "AmpouleLink",
        "AmpouleSdk",
        "AmpouleSnapshot",
    ];
    assert_eq!(mnemonics, BTreeSet::from(expected));
    for action in actions {
        assert!(action["environmentVariables"].is_null(), "{action:#}");
        let requirements = action["executionInfo"].as_array().expect("there are requirements");
        assert!(
            requirements.iter().any(|entry| entry["key"] == "supports-path-mapping"),
            "{action:#}"
        );
        let program = action["arguments"][0].as_str().expect("an action has a program");
        assert!(program.contains("/bin/ampoule-"), "{program}");
    }
}

/// With `--experimental_output_paths=strip` no configuration is in the paths, and the bytes are the same.
#[test]
#[ignore = "builds the toolchain again, as its paths are others: minutes"]
fn the_actions_support_path_mapping() {
    let scratch = Scratch::new("path-mapping");
    scratch.bazel(
        "build() { bazel build --disk_cache=/scratch/disk --execution_log_json_file=/scratch/log.json //examples/extension:app \"${@:2}\"; cp -f bazel-bin/examples/extension/app.wasm /scratch/$1.wasm; }
        build plain
        build mapped --experimental_output_paths=strip",
    );
    for spawn in scratch
        .log("log.json")
        .values()
        .filter(|spawn| spawn.mnemonic.starts_with("Ampoule"))
    {
        let unmapped = spawn
            .command_args
            .iter()
            .find(|argument| argument.contains("-fastbuild") || argument.contains("-opt-exec"));
        assert_eq!(unmapped, None, "{}", spawn.mnemonic);
    }
    let component = |name: &str| std::fs::read(scratch.path(name)).expect("Bazel has made the component");
    assert!(component("plain.wasm") == component("mapped.wasm"));
}

/// A lock that pins an archive of programs: they are taken by its digest, and refused with another.
#[test]
fn prebuilt_programs_are_taken_by_their_digest() {
    let scratch = Scratch::empty("prebuilt");
    let archive = "
import tarfile
with tarfile.open('/scratch/mirror/programs.tar.gz', 'w:gz', compresslevel=1) as archive:
    archive.add('/tools/bin', 'ampoule/bin')
";
    scratch.bazel(&format!("mkdir /scratch/mirror\npython3 - <<'END'{archive}END"));
    let digest = Digest::of_file(&scratch.path("mirror/programs.tar.gz")).expect("the archive can be read");
    let build = "unset AMPOULE_TOOLS
        bazel build --repo_env=AMPOULE_MIRROR=/scratch/mirror @@_main~ampoule~ampoule_tools_$(uname -m)-linux//:tools
        ls /scratch/root/*/external/*ampoule_tools_*/bin";
    scratch.edit(
        "toolchain/pins.json",
        "\"pins\": [",
        &format!("\"pins\": [{},", pin_of_programs(&digest)),
    );
    assert!(scratch.bazel(build).contains("ampoule-snapshot"));

    let other = Digest::of_bytes(b"something else");
    scratch.edit("toolchain/pins.json", &digest.to_string(), &other.to_string());
    let complaint = scratch.refused(build);
    let expected = format!("cannot be downloaded with the digest {other}");
    assert!(complaint.contains(&expected), "{complaint}");
}

/// The pin of the archive of programs, as JSON.
fn pin_of_programs(digest: &Digest) -> serde_json::Value {
    serde_json::json!({
        "name": "ampoule-tools",
        "unpack": { "format": "tar.gz", "strip": 1 },
        "files": [{
            "platform": format!("{}-linux", std::env::consts::ARCH),
            "file": "programs.tar.gz",
            "digest": digest,
            "sources": ["https://programs.invalid/programs.tar.gz"],
        }],
    })
}

#[test]
fn what_is_missing_is_named_with_the_remedy() {
    let scratch = Scratch::empty("messages");
    let without_tools = scratch.refused("unset AMPOULE_TOOLS\nbazel build --nobuild //bazel:toolchain");
    assert!(
        without_tools.contains("pins no programs of Ampoule for"),
        "{without_tools}"
    );
    assert!(
        without_tools.contains("--repo_env=AMPOULE_TOOLS=$PWD/target/release"),
        "{without_tools}"
    );

    let query = "bazel query --repo_env=AMPOULE_MIRROR=/nowhere '@@_main~ampoule~ampoule_zlib//:file'";
    let without_pins = scratch.refused(&format!("unset AMPOULE_TOOLS\n{query}"));
    assert!(without_pins.contains("--repo_env=AMPOULE_MIRROR=DIR"), "{without_pins}");
}

/// Repository rules run in folders of their own: a relative path would be searched there.
#[test]
fn relative_places_are_refused() {
    let scratch = Scratch::empty("relative-places");
    let tools = format!("ampoule_tools_{}-linux//:tools", std::env::consts::ARCH);
    for (variable, target) in [
        ("AMPOULE_TOOLS", tools.as_str()),
        ("AMPOULE_MIRROR", "ampoule_zlib//:file"),
        ("AMPOULE_CRATES", "ampoule_crates//:crates"),
    ] {
        let complaint = scratch.refused(&format!(
            "unset AMPOULE_TOOLS
            bazel query --repo_env={variable}=some/folder '@@_main~ampoule~{target}'"
        ));
        let remedy = format!("give an absolute one: {variable}=$PWD/some/folder");
        assert!(complaint.contains(&remedy), "{complaint}");
    }
}

/// The commands of docs/bazel.md, in a folder with the files that it shows, beside a checkout.
#[test]
fn the_documented_commands_work() {
    let scratch = Scratch::new("documentation");
    let text = std::fs::read_to_string(root().join("docs/bazel.md")).expect("the documentation can be read");
    let document = Document::parse(&text);
    let project = scratch.path("greeter");
    std::fs::create_dir_all(&project).expect("a folder can be made");
    for (name, content) in &document.files {
        std::fs::write(project.join(name), content).expect("a file can be written");
    }
    let printed = scratch.bazel(&format!(
        "# What the documentation builds with cargo is there already.
        cargo() {{ [ \"$*\" = 'build --release --workspace --manifest-path ../ampoule/Cargo.toml' ]; }}
        mkdir -p /scratch/ampoule/target && ln -s /tools/bin /scratch/ampoule/target/release
        echo 'build --disk_cache=/scratch/disk' >/scratch/greeter/.bazelrc
        cd /scratch/greeter
        {}",
        document.commands.join("\n")
    ));
    assert!(printed.contains("\"Hello, Ada!\""), "{printed}");
    assert!(printed.contains("Mnemonic: AmpouleLink"), "{printed}");
}

/// The files and commands that a page shows.
#[derive(Default)]
struct Document {
    files: Vec<(String, String)>,
    commands: Vec<String>,
}

impl Document {
    /// A block after a line with nothing but a file's name in backquotes is that file; a block of `sh` is commands.
    fn parse(text: &str) -> Document {
        let mut document = Document::default();
        let mut lines = text.lines();
        let mut file = None;
        while let Some(line) = lines.next() {
            if let Some(language) = line.strip_prefix("```") {
                let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                match file.take() {
                    Some(name) => document.files.push((name, block.join("\n") + "\n")),
                    None if language == "sh" => document.commands.extend(block.iter().map(ToString::to_string)),
                    None => {}
                }
            } else if !line.is_empty() {
                let name = line.strip_prefix('`').and_then(|rest| rest.strip_suffix("`:"));
                file = name.map(str::to_string);
            }
        }
        document
    }
}

/// `--//bazel:tools=source`: one action runs cargo over the vendored crates, and the component is the driver's.
#[test]
#[ignore = "compiles Wasmtime: half an hour"]
fn the_programs_are_built_from_source() {
    let scratch = Scratch::empty("source");
    let crates = scratch.path("crates");
    let mut vendor = Command::new("cargo");
    vendor
        .args(["vendor", "--locked", "--versioned-dirs", "--quiet"])
        .arg(&crates);
    succeed(vendor.current_dir(root()));
    let rust = succeed(Command::new("rustc").args(["--print", "sysroot"]));
    let output = scratch.run_with(
        &[(Path::new(rust.trim()), "/rust"), (&crates, "/crates")],
        "unset AMPOULE_TOOLS
        export AMPOULE_CRATES=/crates PATH=/rust/bin:$PATH
        bazel build --//bazel:tools=source //examples/hello:app
        cp bazel-bin/examples/hello/app.wasm /scratch/app.wasm",
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    let digest = Digest::of_path(&scratch.path("app.wasm")).expect("Bazel has made the component");
    let theirs = outputs_of_driver("hello");
    assert!(
        theirs.contains(&("component:component".to_string(), digest)),
        "{digest}: {theirs:#?}"
    );
}

/// docs/bazel-rules.md names every attribute and every field of a provider.
#[test]
fn the_reference_is_complete() {
    let page = std::fs::read_to_string(root().join("docs/bazel-rules.md")).expect("the page can be read");
    let public = ["component.bzl", "extension.bzl", "wit.bzl", "../providers.bzl"];
    let mut names = Vec::new();
    for file in public {
        let source = std::fs::read_to_string(root().join("bazel/private").join(file)).expect("the rules can be read");
        for line in source.lines() {
            let entry = line.trim().strip_prefix('"').and_then(|rest| rest.split_once("\": "));
            if let Some((name, value)) = entry
                && (value.starts_with("attr.") || file.ends_with("providers.bzl"))
            {
                names.push(name.to_string());
            }
        }
    }
    assert!(names.len() > 30, "{names:?}");
    names.retain(|name| name != "worlds" && !page.contains(&format!("| `{name}` |")));
    assert_eq!(names, Vec::<String>::new());
}

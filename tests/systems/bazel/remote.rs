//! Servers of the Remote Execution API.

use super::driver::{EXAMPLES, build_by_driver, outputs_of_driver};
use super::scratch::Scratch;
use crate::build_systems::machine;
use ampoule_action::Digest;
use ampoule_support::{root, succeed, text};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

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
            --spawn_strategy=remote --remote_download_outputs=all //examples/{hello,echo,extension,web}:app
        for example in hello echo extension web; do cp -f bazel-bin/examples/$example/app.wasm /scratch/$example.wasm; done",
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

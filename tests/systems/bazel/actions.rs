//! The actions: what they declare, which of them a change runs, and what is found in a cache.

use super::scratch::{Scratch, Spawn};
use std::collections::{BTreeMap, BTreeSet};

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
        "AmpouleLibcxx",
        "AmpouleLink",
        "AmpoulePrecompile",
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

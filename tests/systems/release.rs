//! A release: the same bytes twice, everything in it accounted for, and what the documentation says of it.

use ampoule_action::Digest;
use ampoule_attestation::Statement;
use ampoule_release::distribution::{self, Distribution};
use ampoule_release::make::{Make, make};
use ampoule_release::{check::check, tools, twice};
use ampoule_support::{ampoule, cache, copy, copy_into, program, root, succeed};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

const BUILDER: &str = "https://example.com/builder";

/// Makes a release in a folder with the program of these tests as its tool.
fn release(folder: &Path, output: &str) -> PathBuf {
    let tools = folder.join("tools");
    std::fs::create_dir_all(tools.join("bin")).unwrap();
    std::fs::copy(program(), tools.join("bin/ampoule")).unwrap();
    let how = Make {
        source: root(),
        output: folder.join(output),
        builder: BUILDER.to_string(),
        mirror: Vec::new(),
        tools: Some(tools),
        cache: Some(cache()),
        inputs: false,
    };
    make(&how).unwrap();
    how.output
}

fn json(file: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// The file of a release whose name begins and ends so.
fn file(release: &Path, start: &str, end: &str) -> PathBuf {
    let version = env!("CARGO_PKG_VERSION");
    let system = std::env::consts::OS.replace("macos", "darwin");
    release.join(format!("{start}-{version}-{}-{system}.{end}", std::env::consts::ARCH))
}

fn statements(file: &Path) -> Vec<Statement> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_release_is_the_same_twice_and_accounts_for_all_that_is_in_it() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = release(one.path(), "release");
    let second = release(other.path(), "another/folder");
    twice::compare(&first, &second).unwrap();

    succeed(
        Command::new("sha256sum")
            .args(["--check", "--strict", "SHA256SUMS"])
            .current_dir(&first),
    );
    let (files, actions) = check(&first).unwrap();
    assert_eq!(
        files, 9,
        "four archives, a wheel, a component, two bills, the provenance"
    );
    assert!(actions >= 15, "{actions}");

    every_pin_is_the_one_that_was_read(&file(&first, "ampoule", "provenance.jsonl"));
    archives_hold_what_the_actions_gave(&first);
    the_source_names_the_archives(&first, one.path());
    bills_are_complete(&first);
    no_path_of_the_machine(&first, one.path());
    changes_are_found(&first);
}

/// Each action from fetch to component is there; what comes from outside has the pins' digests.
fn every_pin_is_the_one_that_was_read(provenance: &Path) {
    let mut stages = BTreeSet::new();
    let mut read = BTreeMap::new();
    for statement in statements(provenance) {
        let details = &statement.predicate.run_details;
        assert_eq!(details.builder.id, BUILDER);
        let definition = statement.predicate.build_definition;
        stages.extend(definition.external_parameters["stage"].as_str().map(str::to_string));
        for input in definition.resolved_dependencies {
            if let (Some(uri), Some(digest)) = (input.uri, input.digest.get("sha256")) {
                read.insert(uri, digest.clone());
            }
        }
    }
    let expected = [
        "bindgen",
        "compile",
        "component",
        "cpython",
        "extension",
        "interpreter",
        "libcxx",
        "link",
        "precompile",
        "sdk",
        "snapshot",
        "unpack",
    ];
    assert_eq!(stages.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    let platform = ampoule_fetch::Platform::host();
    // What packages and web applications are built with is none of a release's, nor is Rust's compiler.
    let pins = ampoule_fetch::Pins::embedded();
    let is_read = |pin: &&ampoule_fetch::Pin| !["recipes", "web"].contains(&pin.group.as_str()) && !pin.is_of_rust();
    for pin in pins.all().iter().filter(is_read) {
        assert_eq!(
            read.get(&pin.purl),
            Some(&pin.file(&platform).unwrap().digest.hexadecimal()),
            "{}",
            pin.purl
        );
    }
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let wasmtime = read.iter().find(|(uri, _)| uri.starts_with("pkg:cargo/wasmtime@"));
    let (_, checksum) = wasmtime.expect("the tools are made of Wasmtime");
    assert!(lock.contains(&format!("checksum = \"{checksum}\"")));
}

/// The archive of the source has the archives' digests, in the forms that Bazel and Nix read, and is the same twice.
fn the_source_names_the_archives(release: &Path, scratch: &Path) {
    let make = |name: &str| {
        let output = scratch.join(name);
        let how = Distribution {
            source: root(),
            release: vec![release.to_path_buf()],
            url: "https://example.com/release/".to_string(),
            output: output.clone(),
        };
        distribution::make(&how).unwrap();
        output
    };
    let archive = make("source.tar.gz");
    assert_eq!(
        std::fs::read(&archive).unwrap(),
        std::fs::read(make("again.tar.gz")).unwrap()
    );
    let decoder = flate2::read::GzDecoder::new(std::fs::File::open(archive).unwrap());
    let unpacked = scratch.join("distributed");
    tar::Archive::new(decoder).unpack(&unpacked).unwrap();
    let source = unpacked.join(format!("ampoule-{}", env!("CARGO_PKG_VERSION")));
    let pins = ampoule_fetch::Pins::open(&source.join("bazel/release.json")).unwrap();
    for (pin, part) in [
        ("ampoule-tools", "ampoule"),
        ("ampoule-sdk", "ampoule-sdk"),
        ("ampoule-cpython", "ampoule-cpython"),
        ("ampoule-interpreter", "ampoule-interpreter"),
    ] {
        let archive = file(release, part, "tar.gz");
        let pinned = &pins.pin(pin).unwrap().files[0];
        assert_eq!(pinned.digest, Digest::of_file(&archive).unwrap());
        let url = format!("https://example.com/release/{}", pinned.file);
        assert_eq!(pinned.sources[0].to_string(), url);
    }
    let for_nix = json(&source.join("nix/release.json"));
    let platform = pins.pin("ampoule-sdk").unwrap().files[0].platform.clone().unwrap();
    let given = statements(&file(release, "ampoule", "provenance.jsonl"));
    let of_sdk = |statement: &&Statement| statement.predicate.build_definition.external_parameters["stage"] == "sdk";
    let sdk = given.iter().find(of_sdk).unwrap();
    assert_eq!(
        for_nix[&platform]["sdk"]["hash"].as_str().unwrap(),
        sdk.subject[0].digest["narHash"]
    );
}

/// The SDK that is unpacked from its archive is the one that the stage gave, and the driver runs.
fn archives_hold_what_the_actions_gave(release: &Path) {
    let unpacked = tempfile::tempdir().unwrap();
    for part in ["ampoule", "ampoule-sdk"] {
        let archive = file(release, part, "tar.gz");
        let decoder = flate2::read::GzDecoder::new(std::fs::File::open(archive).unwrap());
        tar::Archive::new(decoder).unpack(unpacked.path()).unwrap();
    }
    let folder = |part| {
        let archive = file(unpacked.path(), part, "tar.gz");
        PathBuf::from(archive.to_str().unwrap().trim_end_matches(".tar.gz"))
    };
    let sdk = Digest::of_folder(&folder("ampoule-sdk").join("sdk"))
        .unwrap()
        .to_string();
    let given = statements(&file(release, "ampoule", "provenance.jsonl"))
        .into_iter()
        .find(|statement| statement.predicate.build_definition.external_parameters["stage"] == "sdk")
        .unwrap();
    assert_eq!(given.subject[0].digest["narHash"], sdk);
    let version = succeed(Command::new(folder("ampoule").join("bin/ampoule")).arg("--version"));
    assert_eq!(version, format!("ampoule {}\n", env!("CARGO_PKG_VERSION")));
    assert!(folder("ampoule").join("LICENSE").is_file());
}

/// What CycloneDX 1.6 requires of a document, and what is in these.
fn bills_are_complete(release: &Path) {
    let names = |bill: &Value, scope: &str| -> BTreeSet<String> {
        let components = bill["components"].as_array().unwrap().iter();
        let of_scope = components.filter(|component| component["scope"] == scope);
        of_scope
            .map(|component| component["name"].as_str().unwrap().to_string())
            .collect()
    };
    let tools = json(&file(release, "ampoule", "cdx.json"));
    is_cyclonedx(&tools);
    let contained = names(&tools, "required");
    for name in ["ampoule-link", "wasmtime", "cpython", "sqlite", "clang"] {
        assert!(contained.contains(name), "{name}");
    }
    assert!(names(&tools, "excluded").contains("serde_derive"));

    let example = json(&file(release, "ampoule-example", "cdx.json"));
    is_cyclonedx(&example);
    let contained = names(&example, "required");
    for name in ["ampoule", "cpython", "wasi-libc", "compiler-rt", "markupsafe"] {
        assert!(contained.contains(name), "{name}");
    }
    assert!(!contained.contains("sqlite"), "the example cannot import it");
    assert!(names(&example, "excluded").contains("clang"));
    let component = Digest::of_file(&file(release, "ampoule-example", "wasm"))
        .unwrap()
        .hexadecimal();
    assert_eq!(example["metadata"]["component"]["hashes"][0]["content"], component);
}

/// The rules of the format's JSON schema for the fields in use.
fn is_cyclonedx(bill: &Value) {
    let keys: Vec<&str> = bill.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "bomFormat",
        "components",
        "dependencies",
        "metadata",
        "serialNumber",
        "specVersion",
        "version",
    ];
    assert_eq!(keys, expected);
    assert_eq!(
        (&bill["bomFormat"], &bill["specVersion"], &bill["version"]),
        (&"CycloneDX".into(), &"1.6".into(), &1.into())
    );
    let serial = bill["serialNumber"]
        .as_str()
        .unwrap()
        .strip_prefix("urn:uuid:")
        .unwrap();
    let lengths: Vec<usize> = serial.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12], "{serial}");
    let mut references = BTreeSet::new();
    let whole = &bill["metadata"]["component"];
    for component in bill["components"].as_array().unwrap().iter().chain([whole]) {
        assert!(["application", "library"].contains(&component["type"].as_str().unwrap()));
        assert!(!component["name"].as_str().unwrap().is_empty());
        assert!(references.insert(component["bom-ref"].as_str().unwrap()), "{component}");
        if let Some(hash) = component.get("hashes") {
            assert_eq!(hash[0]["alg"], "SHA-256");
            let content = hash[0]["content"].as_str().unwrap();
            assert!(content.len() == 64 && content.bytes().all(|byte| byte.is_ascii_hexdigit()));
        }
        if let Some(purl) = component.get("purl") {
            assert!(purl.as_str().unwrap().starts_with("pkg:"));
        }
    }
    let dependencies = bill["dependencies"].as_array().unwrap();
    assert_eq!(dependencies.len(), references.len());
    for dependency in dependencies {
        assert!(references.contains(dependency["ref"].as_str().unwrap()));
        for other in dependency["dependsOn"].as_array().unwrap() {
            assert!(references.contains(other.as_str().unwrap()), "{other}");
        }
    }
}

/// Nothing that is said of a release tells where it was made.
fn no_path_of_the_machine(release: &Path, scratch: &Path) {
    let home = std::env::var("HOME").unwrap_or_default();
    let paths = [root(), cache(), scratch.to_path_buf(), PathBuf::from(home)];
    for entry in std::fs::read_dir(release).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        for secret in paths.iter().filter(|path| path.components().count() > 1) {
            assert!(
                !text.contains(secret.to_str().unwrap()),
                "{} holds {}",
                path.display(),
                secret.display()
            );
        }
    }
}

/// A file that is changed, added or taken away, and an input that nothing gave, are named.
fn changes_are_found(release: &Path) {
    let found = |change: &dyn Fn(&Path)| {
        let changed = copy(release);
        for name in ["wasm", "cdx.json"] {
            let name = file(release, "ampoule-example", name);
            std::fs::copy(&name, changed.path().join(name.file_name().unwrap())).unwrap();
        }
        change(changed.path());
        check(changed.path()).unwrap_err().to_string()
    };
    let component = |folder: &Path| file(folder, "ampoule-example", "wasm");
    let error = found(&|folder| std::fs::write(component(folder), "other").unwrap());
    assert!(
        error.contains(".wasm has the digest") && error.contains("no action is recorded that gave"),
        "{error}"
    );
    let error = found(&|folder| std::fs::remove_file(component(folder)).unwrap());
    assert!(error.contains(".wasm is missing"), "{error}");
    let error = found(&|folder| std::fs::write(folder.join("more.txt"), "").unwrap());
    assert!(error.contains("more.txt is not listed"), "{error}");
    let error = found(&|folder| {
        let provenance = file(folder, "ampoule", "provenance.jsonl");
        let text = std::fs::read_to_string(&provenance).unwrap();
        let kept: Vec<&str> = text.lines().filter(|line| !line.contains(r#""stage":"sdk""#)).collect();
        std::fs::write(provenance, kept.join("\n")).unwrap();
    });
    assert!(error.contains("sdk is said to come from ampoule:action/"), "{error}");
}

/// The commands between "```sh" and "```" of the page, those marked `slow` or the others.
fn commands(slow: bool) -> Vec<String> {
    let page = std::fs::read_to_string(root().join("docs/release.md")).unwrap();
    let mut found = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match line {
            "```sh" => inside = !slow,
            "```sh slow" => inside = slow,
            "```" => inside = false,
            _ if inside => found.push(line.to_string()),
            _ => {}
        }
    }
    found
}

/// Runs the commands in a folder, with the programs of these tests on the PATH and their cache.
fn run(commands: &[String], folder: &Path, programs: &Path) {
    let home = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(cache(), home.path().join("ampoule")).unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    for line in commands {
        succeed(
            Command::new("bash")
                .args(["-euc", line])
                .current_dir(folder)
                .env("PATH", &path)
                .env("XDG_CACHE_HOME", home.path()),
        );
    }
}

#[test]
fn the_page_on_releases_is_right_about_components() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    copy_into(&root().join("examples/extension"), &folder.join("extension"));
    let commands = commands(false);
    assert!(commands.len() >= 3, "{commands:?}");
    run(&commands, folder, program().parent().unwrap());
    let statements = statements(&folder.join("provenance.jsonl"));
    let component = Digest::of_file(&folder.join("extension/extension.wasm"))
        .unwrap()
        .hexadecimal();
    let last = statements.last().unwrap();
    assert_eq!(last.subject[0].digest["sha256"], component);
    is_cyclonedx(&json(&folder.join("sbom.cdx.json")));
}

#[test]
fn provenance_is_refused_where_it_would_be_lost_or_built_in() {
    let project = copy(&root().join("examples/hello"));
    let build = |flags: &[&str]| {
        let output = ampoule(project.path()).arg("build").args(flags).output().unwrap();
        (output.status.code(), ampoule_support::text(&output.stderr))
    };
    let (code, printed) = build(&["--builder", "https://example.com"]);
    assert_eq!(code, Some(2));
    assert!(printed.contains("--provenance <FILE>"), "{printed}");
    for flag in ["--provenance", "--sbom"] {
        let (code, printed) = build(&[flag, "file.json"]);
        assert_eq!(code, Some(1));
        assert_eq!(
            printed,
            "error: file.json is in ., whose files become part of the component; give a file outside of it\n"
        );
        assert!(!project.path().join("file.json").exists());
    }
}

/// A checkout of the source as it is now.
fn checkout(folder: &Path) {
    let script = r#"
        cd "$1" && git ls-files -z | xargs -0 cp --no-dereference --parents --target-directory "$2"
        cd "$2" && git init --quiet && git add --all"#;
    std::fs::create_dir(folder).unwrap();
    succeed(
        Command::new("bash")
            .args(["-euc", script, "checkout"])
            .arg(root())
            .arg(folder),
    );
}

/// The whole release as it is published. The tools are built from nothing twice, which takes long, and once more where Nix and Bazel have them from.
#[test]
#[ignore = "builds all tools from nothing"]
fn the_whole_release_is_the_same_twice() {
    let scratch = tempfile::tempdir().unwrap();
    let source = scratch.path().join("source");
    checkout(&source);
    let build = ["build", "--release", "--workspace", "--bin", "ampoule-release"];
    succeed(Command::new("cargo").args(build).current_dir(root()));
    run(&commands(true), &source, program().parent().unwrap());

    let built = tools::build(&root(), None, &scratch.path().join("in-place")).unwrap();
    let archive = file(&source.join("dist"), "ampoule", "tar.gz");
    let decoder = flate2::read::GzDecoder::new(std::fs::File::open(&archive).unwrap());
    tar::Archive::new(decoder).unpack(scratch.path()).unwrap();
    let name = archive
        .file_name()
        .unwrap()
        .to_str()
        .unwrap()
        .trim_end_matches(".tar.gz");
    let released = scratch.path().join(name);
    for program in built {
        let again = released.join("bin").join(program.file_name().unwrap());
        assert_eq!(
            Digest::of_file(&program).unwrap(),
            Digest::of_file(&again).unwrap(),
            "{}",
            program.display()
        );
        let inside = Path::new("/bin").join(program.file_name().unwrap());
        succeed(Command::new("chroot").arg(&released).arg(inside).arg("--version"));
    }
}

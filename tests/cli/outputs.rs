//! Where outputs go: what is there and is no regular file stays what it is, and a reader who goes away is no reason to panic.

use ampoule_support::{ampoule, copy, root, succeed, text};
use std::fs::{File, read, read_to_string};
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

const WIT: &str = "package a:b; world w {}";

/// The quickest stage, in a folder with its WIT.
fn bindgen(folder: &Path) -> Command {
    std::fs::write(folder.join("world.wit"), WIT).unwrap();
    let mut command = ampoule_stage(folder, "bindgen");
    command.args(["-d", "world.wit"]);
    command
}

fn ampoule_stage(folder: &Path, name: &str) -> Command {
    let mut command = Command::new(ampoule_support::program());
    command.arg(name).current_dir(folder);
    command
}

#[test]
fn devices_and_links_stay_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir(path("target")).unwrap();
    std::fs::write(path("target/old"), "").unwrap();
    for (link, target) in [("link", "target"), ("record", "record.json")] {
        symlink(target, path(link)).unwrap();
    }
    succeed(bindgen(folder.path()).args(["--output", "link", "--record", "record"]));
    assert!(path("link").is_symlink() && path("record").is_symlink());
    assert!(path("target/world.so").is_file() && !path("target/old").exists());
    let record = read_to_string(path("record.json")).unwrap();
    succeed(bindgen(folder.path()).args(["--output", "target", "--record", "/dev/null"]));
    assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    let printed = succeed(bindgen(folder.path()).args(["--output", "target", "--record", "-"]));
    assert_eq!(printed, record);
    assert!(!path("-").exists());
}

#[test]
fn what_does_not_fit_is_refused_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "text").unwrap();
    for (output, reason) in [
        ("file", "it is a file, and a folder is to be written"),
        ("/dev/null", "a folder is to be written, which needs a path"),
        ("-", "a folder is to be written, which needs a path"),
    ] {
        let refused = bindgen(folder.path()).args(["--output", output]).output().unwrap();
        assert_eq!(refused.status.code(), Some(1));
        assert!(text(&refused.stderr).contains(reason), "{}", text(&refused.stderr));
    }
    assert_eq!(read(folder.path().join("file")).unwrap(), b"text");
}

/// The bindings for editors follow the WIT, and are no part of the app.
#[test]
fn stubs_are_brought_up_to_date() {
    let scratch = copy(&root().join("nix/template"));
    let folder = scratch.path();
    let project = std::fs::read_to_string(folder.join("pyproject.toml")).unwrap();
    std::fs::write(
        folder.join("pyproject.toml"),
        format!("{project}stubs = \"python/typings\"\n"),
    )
    .unwrap();
    succeed(ampoule(folder).args(["build", "-o", "one.wasm"]));
    let module = folder.join("python/typings/wit_world/exports/prices.py");
    assert!(std::fs::read_to_string(&module).unwrap().contains("class Item"));
    succeed(ampoule(folder).args(["build", "-o", "two.wasm"]));
    assert!(read(folder.join("one.wasm")).unwrap() == read(folder.join("two.wasm")).unwrap());
    let wit = folder.join("wit/shop.wit");
    let changed = std::fs::read_to_string(&wit)
        .unwrap()
        .replace("record item", "record thing")
        .replace("list<item>", "list<thing>");
    std::fs::write(&wit, changed).unwrap();
    let app = folder.join("python/app.py");
    let changed = std::fs::read_to_string(&app).unwrap().replace("Item", "Thing");
    std::fs::write(&app, changed).unwrap();
    succeed(ampoule(folder).arg("build"));
    assert!(std::fs::read_to_string(&module).unwrap().contains("class Thing"));
}

#[test]
fn components_go_where_they_can() {
    let scratch = copy(&root().join("nix/template"));
    let folder = scratch.path();
    let build = |output: &str| {
        let mut command = ampoule(folder);
        command.args(["--quiet", "build", "-o", output]);
        command
    };
    succeed(&mut build("a.wasm"));
    let component = read(folder.join("a.wasm")).unwrap();
    for output in ["-", "/dev/stdout"] {
        let printed = build(output).output().unwrap();
        assert!(printed.status.success() && printed.stdout == component, "{output}");
    }
    let bill = succeed(build("b.wasm").args(["--sbom", "-"]));
    assert!(serde_json::from_str::<serde_json::Value>(&bill).is_ok(), "{bill}");
    succeed(&mut build("/dev/null"));
    assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    symlink("b.wasm", folder.join("link.wasm")).unwrap();
    succeed(&mut build("link.wasm"));
    assert!(folder.join("link.wasm").is_symlink());
    assert_eq!(read(folder.join("b.wasm")).unwrap(), component);
    std::fs::create_dir(folder.join("folder")).unwrap();
    let refused = build("folder").output().unwrap();
    assert!(
        text(&refused.stderr).contains("folder: it is a folder"),
        "{}",
        text(&refused.stderr)
    );
}

/// What prints, in the driver and in a stage.
fn printers(folder: &Path) -> [Command; 6] {
    let of = |arguments: &[&str]| {
        let mut command = ampoule(folder);
        command.args(arguments);
        command
    };
    let mut usage = ampoule_stage(folder, "link");
    usage.arg("--help");
    [
        of(&["schema"]),
        of(&["stages"]),
        of(&["cache", "dir"]),
        of(&["--help"]),
        of(&["new", "project"]),
        usage,
    ]
}

#[test]
fn nobody_need_read_what_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    for mut command in printers(folder.path()) {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let done = command.stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert!(
            done.status.success() && done.stderr.is_empty(),
            "{command:?}: {}",
            text(&done.stderr)
        );
        let _ = std::fs::remove_dir_all(folder.path().join("project"));
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let full = || File::options().write(true).open("/dev/full").unwrap();
    for mut command in printers(folder.path()) {
        let done = command.stdout(full()).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(done.status.code(), Some(1), "{command:?}: {}", text(&done.stderr));
        assert!(!text(&done.stderr).contains("panicked"), "{}", text(&done.stderr));
    }
    // What is wrong is not said where it cannot be said.
    let mut wrong = ampoule(folder.path());
    let done = wrong
        .args(["build", "nowhere"])
        .stderr(full())
        .stdout(Stdio::null())
        .status();
    assert_eq!(done.unwrap().code(), Some(1));
}

/// A log of the build in the project's folder is no part of the app.
#[test]
fn a_log_of_the_build_is_left_out() {
    let project = copy(&root().join("examples/hello"));
    let app = project.path().join("app.py");
    // Something is said while the stage runs that reads the folder.
    let text = read_to_string(&app).unwrap() + "\n\ndef computed(name):\n    return __import__(name)\n";
    std::fs::write(&app, text).unwrap();
    let log = project.path().join("build.log");
    let file = File::create(&log).unwrap();
    let mut command = ampoule(project.path());
    command.arg("build").stdout(file.try_clone().unwrap()).stderr(file);
    assert!(command.status().unwrap().success(), "{}", read_to_string(&log).unwrap());
    assert!(read_to_string(&log).unwrap().contains("hello.wasm"));
}

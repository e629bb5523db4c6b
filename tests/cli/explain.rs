//! A new project, built, changed and built again: `ampoule explain` says what made each stage run.

use ampoule_support::{ampoule, succeed, text};
use std::path::Path;
use std::process::Output;

/// What `ampoule explain` says of each stage, blanks folded.
fn explained(folder: &Path) -> Vec<String> {
    let printed = succeed(ampoule(folder).arg("explain"));
    let fold = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    printed.lines().map(fold).collect()
}

/// The lines on the stages after the toolchain's.
fn app_stages(folder: &Path) -> Vec<String> {
    let mut lines = explained(folder);
    lines.retain(|line| {
        !["sdk", "cpython", "interpreter"]
            .iter()
            .any(|stage| line.starts_with(stage))
    });
    lines
}

fn edit(file: &Path, from: &str, to: &str) {
    let content = std::fs::read_to_string(file).expect("the file can be read");
    assert!(content.contains(from), "{} has no {from}", file.display());
    std::fs::write(file, content.replace(from, to)).expect("the file can be written");
}

#[test]
fn a_new_project_is_built_and_each_change_explained() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let printed = succeed(ampoule(scratch.path()).args(["new", "shop"]));
    assert!(printed.contains("ampoule build shop"), "{printed}");
    let shop = scratch.path().join("shop");

    edit(&shop.join("python/app.py"), "420", "421");
    succeed(ampoule(&shop).arg("build"));
    let called = succeed(ampoule(&shop).args(["run", "shop.wasm", r#"total(["tea", "cake"])"#]));
    assert_eq!(called, "some(671)\n");

    succeed(ampoule(&shop).arg("build"));
    assert!(
        explained(&shop).iter().all(|line| line.ends_with(" cache")),
        "{:?}",
        explained(&shop)
    );

    edit(&shop.join("python/app.py"), "421", "422");
    // The scratch folder's name is another in each run, so that the cache of an earlier one does not have what is built.
    let unique = scratch.path().as_os_str().as_encoded_bytes();
    std::fs::write(shop.join("python/notes.txt"), unique).expect("the file can be written");
    succeed(ampoule(&shop).arg("build"));
    let lines = app_stages(&shop);
    assert_eq!(lines[0], "bindgen cache", "{lines:?}");
    assert!(lines[1].starts_with("compile built: "), "{lines:?}");
    assert!(lines[1].contains("app.py changed"), "{lines:?}");
    assert!(lines[1].contains("notes.txt is new"), "{lines:?}");
    assert_eq!(lines[2], "link cache", "{lines:?}");
    assert_eq!(
        lines[3], "snapshot built: image changed (it comes from compile)",
        "{lines:?}"
    );
    assert_eq!(
        lines[4], "component built: module changed (it comes from snapshot)",
        "{lines:?}"
    );

    edit(
        &shop.join("pyproject.toml"),
        "paths = [\"python\"]",
        "paths = [\"python\"]\non-exception = \"exit\"",
    );
    succeed(ampoule(&shop).arg("build"));
    let lines = app_stages(&shop);
    assert!(
        lines[3].contains("the parameter on-exception is \"exit\", was \"trap\""),
        "{lines:?}"
    );
}

#[test]
fn what_was_never_built_is_said() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let output: Output = ampoule(scratch.path())
        .arg("explain")
        .output()
        .expect("it can be started");
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert!(message.contains(". was not built with the cache in "), "{message}");
    assert!(message.contains("run `ampoule build .` first"), "{message}");
}

//! Prefilled caches: what one cache has, another takes from a folder.

use ampoule_support::{copy, program, root, succeed, text};
use std::path::Path;
use std::process::Command;

/// `ampoule` with a cache of its own.
fn ampoule(cache: &Path) -> Command {
    let mut command = Command::new(program());
    command.arg("--cache").arg(cache);
    command
}

/// Writes bindings, which is one action.
fn bindings(command: &mut Command, folder: &Path) {
    succeed(command.args(["-d", "wit", "bindings", "made"]).current_dir(folder));
}

#[test]
fn what_a_cache_has_is_exported_and_imported() {
    let project = copy(&root().join("examples/hello"));
    let project = project.path();
    let (one, other, third) = (project.join("one"), project.join("other"), project.join("third"));
    let prefilled = project.join("prefilled");
    bindings(&mut ampoule(&one), project);
    succeed(ampoule(&one).args(["cache", "export", "--output"]).arg(&prefilled));

    let import = || succeed(ampoule(&other).args(["cache", "import"]).arg(&prefilled));
    assert_eq!(import(), "took over 1 entries\n");
    assert_eq!(import(), "took over 0 entries\n");

    bindings(ampoule(&third).arg("--cache-from").arg(&prefilled), project);
    for cache in [&other, &third] {
        let digest = |root: &Path| ampoule_action::Digest::of_folder(&entry(root).join("outputs")).unwrap();
        assert_eq!(digest(cache), digest(&one));
    }
}

/// The only entry of a cache.
fn entry(cache: &Path) -> std::path::PathBuf {
    let entries = ampoule_action::read_folder(&cache.join("entries")).unwrap();
    let [entry] = &entries[..] else {
        panic!("there is not one: {entries:?}");
    };
    entry.clone()
}

#[test]
fn a_folder_without_a_prefilled_cache_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str]| {
        let output = ampoule(Path::new("cache"))
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        text(&output.stderr)
    };
    let expected = "error: nowhere has no prefilled cache: No such file or directory (os error 2); `ampoule cache export` writes one\n";
    assert_eq!(refused(&["cache", "import", "nowhere"]), expected);
    assert_eq!(refused(&["--cache-from", "nowhere", "toolchain"]), expected);
}

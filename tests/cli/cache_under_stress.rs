//! The cache when builds are killed, run side by side, find no room, may not write, or meet damage.

use ampoule_action::Record;
use ampoule_support::{ampoule, copy, copy_into, program, root, succeed, text};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// A copy of hello whose greeting is its own, so that its app's stages are not in the cache yet.
fn hello(greeting: &str) -> tempfile::TempDir {
    let project = copy(&root().join("examples/hello"));
    let app = project.path().join("app.py");
    let source = std::fs::read_to_string(&app).unwrap();
    std::fs::write(&app, format!("{source}\n\nUNIQUE = {greeting:?}\n")).unwrap();
    project
}

fn component(project: &Path) -> Vec<u8> {
    std::fs::read(project.join("hello.wasm")).unwrap()
}

/// A copy of the entries of the tests' cache that a build of hello is made of, for tests that damage it. What other tests build meanwhile may cut
/// the cache: others may go.
fn private_cache() -> tempfile::TempDir {
    let warm = hello("private");
    succeed(ampoule(warm.path()).args(["build", "--records", ".records"]));
    let records = ampoule_action::read_folder(&warm.path().join(".records")).unwrap();
    let records: Vec<Record> = records.iter().map(|file| Record::read(file).unwrap()).collect();
    let cache = tempfile::tempdir().unwrap();
    for entry in ampoule_action::read_folder(&ampoule_support::cache().join("entries")).unwrap() {
        let Some(record) = record_of(&entry) else { continue };
        if records.contains(&record) {
            let name = entry.file_name().unwrap();
            copy_into(&entry, &cache.path().join("entries").join(name));
        }
    }
    cache
}

/// The record of an entry, if it is still there.
fn record_of(entry: &Path) -> Option<Record> {
    let text = std::fs::read(entry.join("record.json")).ok()?;
    let mut content: serde_json::Value = serde_json::from_slice(&text).ok()?;
    serde_json::from_value(content["record"].take()).ok()
}

fn with_cache(cache: &Path, project: &Path) -> Command {
    let mut command = Command::new(program());
    command
        .arg("--cache")
        .arg(cache)
        .arg("--offline")
        .arg("build")
        .current_dir(project);
    command
}

#[test]
fn a_build_killed_at_any_time_leaves_nothing_wrong() {
    let reference = hello("killed");
    for pause in [5, 20, 60, 120, 200, 300, 450, 600] {
        let project = hello(&format!("killed after {pause}"));
        let mut build = ampoule(project.path())
            .arg("build")
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(pause));
        build.kill().unwrap();
        build.wait().unwrap();
        let partial = std::fs::read(project.path().join("hello.wasm")).ok();
        succeed(ampoule(project.path()).arg("build"));
        if let Some(partial) = partial {
            assert_eq!(partial, component(project.path()), "a component that is there is whole");
        }
    }
    succeed(ampoule(reference.path()).arg("build"));
}

#[test]
fn builds_side_by_side_give_the_same_component() {
    let projects: Vec<_> = (0..4).map(|_| hello("side by side")).collect();
    let builds: Vec<_> = projects
        .iter()
        .map(|project| {
            ampoule(project.path())
                .arg("build")
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut build in builds {
        assert!(build.wait().unwrap().success());
    }
    let first = component(projects[0].path());
    assert!(projects.iter().all(|project| component(project.path()) == first));
}

#[test]
fn damage_is_found_and_mended() {
    let cache = private_cache();
    // Each of these is read when the app changes.
    for file in ["initialised.wasm", "initialised.cwasm", "linked.wasm", "layout.json"] {
        outputs(cache.path(), file).iter().for_each(|path| flip_a_byte(path));
        check_against_undamaged(cache.path(), &format!("damaged {file}"));
    }
    // The component itself is read when nothing changes.
    outputs(cache.path(), "component.wasm")
        .iter()
        .for_each(|path| flip_a_byte(path));
    check_against_undamaged(cache.path(), "damaged layout.json");
}

/// Builds hello with the damaged cache and with the tests' own, and compares.
fn check_against_undamaged(cache: &Path, greeting: &str) {
    let (damaged, sound) = (hello(greeting), hello(greeting));
    succeed(&mut with_cache(cache, damaged.path()));
    succeed(ampoule(sound.path()).arg("build"));
    assert!(component(damaged.path()) == component(sound.path()), "{greeting}");
}

/// The files with this name in the cache's entries.
fn outputs(cache: &Path, name: &str) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(cache.join("entries")).sort_by_file_name();
    let found: Vec<PathBuf> = files
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file() && path.ends_with(name))
        .collect();
    assert!(!found.is_empty());
    found
}

fn flip_a_byte(file: &Path) {
    let mut content = std::fs::read(file).unwrap();
    let middle = content.len() / 2;
    content[middle] ^= 0x20;
    std::fs::write(file, content).unwrap();
}

#[test]
fn a_cache_that_cannot_be_written_still_serves() {
    let expected = hello("read only");
    let cache = private_cache();
    succeed(&mut with_cache(cache.path(), expected.path()));
    let project = hello("read only, and changed");
    let script = "mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\" && shift && exec \"$@\"";
    let mut command = in_mount_namespace(script, cache.path());
    command
        .args(arguments(&with_cache(cache.path(), project.path())))
        .current_dir(project.path());
    succeed(&mut command);
    let writable = hello("read only, and changed");
    succeed(&mut with_cache(cache.path(), writable.path()));
    assert_eq!(component(project.path()), component(writable.path()));
}

#[test]
fn a_full_disk_is_an_error_and_leaves_nothing_wrong() {
    let cache = private_cache();
    // Another one in each run: a cache that has its component needs no disk.
    let name = format!("full disk {}", std::process::id());
    let project = hello(&name);
    // The cache moves to a file system of its own, which a ballast fills; without it the same build goes through.
    let script = r#"
        folder=$1; shift
        mv "$folder" "$folder.moved"; mkdir "$folder"
        enough=$(($(du -sk "$folder.moved" | cut -f1) * 2 + 1048576))
        mount -t tmpfs -o "size=${enough}k" tmpfs "$folder"
        cp -r "$folder.moved/." "$folder"
        used=$(df --output=used -k "$folder" | tail -n 1)
        mount -o "remount,size=$((used + 1024))k" "$folder"
        dd if=/dev/zero of="$folder/ballast" bs=4k 2>/dev/null || true
        if "$@"; then exit 90; fi
        if [ -e hello.wasm ]; then exit 91; fi
        rm "$folder/ballast"
        mount -o "remount,size=${enough}k" "$folder"
        exec "$@"
    "#;
    let mut command = in_mount_namespace(script, cache.path());
    command
        .args(arguments(&with_cache(cache.path(), project.path())))
        .current_dir(project.path());
    let output = command.output().unwrap();
    let messages = text(&output.stderr);
    let moved = cache.path().with_extension("moved");
    let _ = std::fs::remove_dir_all(moved);
    assert!(output.status.success(), "{messages}");
    assert!(messages.contains("No space left on device"), "{messages}");
    let reference = hello(&name);
    succeed(ampoule(reference.path()).arg("build"));
    assert_eq!(component(project.path()), component(reference.path()));
}

/// A command in a mount namespace of its own: the shell script's arguments are the folder, then what follows.
fn in_mount_namespace(script: &str, folder: &Path) -> Command {
    let mut command = Command::new("unshare");
    command
        .args(["--mount", "--map-root-user", "sh", "-euc", script, "sh"])
        .arg(folder);
    command
}

fn arguments(command: &Command) -> Vec<std::ffi::OsString> {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(ToOwned::to_owned)
        .collect()
}

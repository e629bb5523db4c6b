//! The same bytes from every stage, whatever surrounds the build.

use ampoule_support::{ampoule, cache, copy, copy_into, root, succeed};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// Builds hello from nothing in another folder, as another user, on one core, with another time zone, language, umask, home,
/// noise in the environment, and other times on every input; compares the record of every stage with that of a plain build.
#[test]
fn every_stage_gives_the_same_bytes_in_hostile_surroundings() {
    let plain = copy(&root().join("examples/hello"));
    succeed(ampoule(plain.path()).args(["build", "--records", ".records"]));

    let hostile = copy(&root().join("examples/hello"));
    let elsewhere = hostile.path().join("a folder/with spaces/ünïcode");
    std::fs::create_dir_all(&elsewhere).unwrap();
    copy_into(&root().join("examples/hello"), &elsewhere);
    copy_into(&cache().join("files"), &hostile.path().join("cache/files"));
    disguise(hostile.path());
    succeed(&mut hostile_build(hostile.path(), &elsewhere));

    assert_eq!(
        records(&plain.path().join(".records")),
        records(&elsewhere.join(".records"))
    );
    assert_eq!(
        std::fs::read(plain.path().join("hello.wasm")).unwrap(),
        std::fs::read(elsewhere.join("hello.wasm")).unwrap()
    );
    assert_tells_nothing_of_the_build(&elsewhere.join("hello.wasm"), hostile.path());
}

/// No folder, user or date of the build is anywhere in the bytes.
fn assert_tells_nothing_of_the_build(component: &Path, scratch: &Path) {
    let bytes = std::fs::read(component).unwrap();
    let folder = scratch.file_name().unwrap().to_string_lossy().into_owned();
    let repository = root().display().to_string();
    let home = std::env::var("HOME").unwrap_or_default();
    let mut traces = vec![folder, "mallory".to_string(), "ünïcode".to_string(), repository, home];
    for format in ["+%Y-%m-%d", "+%Y/%m/%d", "+%b %e %Y", "+%Y%m%d"] {
        let date = succeed(Command::new("date").arg(format).env("LC_ALL", "C"));
        traces.push(date.trim_end().to_string());
    }
    // A home such as `/` is in every program.
    for trace in traces.iter().filter(|trace| trace.len() > 4) {
        let found = bytes.windows(trace.len()).any(|window| window == trace.as_bytes());
        assert!(!found, "{trace} is in the component");
    }
}

#[test]
fn verify_rebuilds_everything_and_finds_no_difference() {
    let project = copy(&root().join("examples/hello"));
    let printed = succeed(ampoule(project.path()).arg("verify"));
    assert!(printed.contains("every digest the same"), "{printed}");
    assert!(
        !project.path().join("hello.wasm").exists(),
        "verify writes nothing into the project"
    );
}

fn hostile_build(scratch: &Path, project: &Path) -> Command {
    let program = scratch.join("ampoule-copy");
    std::fs::copy(ampoule_support::program(), &program).unwrap();
    let one_core_umask_and_user =
        "umask 077; exec setpriv --reuid 12345 --regid 12345 --clear-groups taskset -c 0 \"$@\"";
    let mut command = Command::new("sh");
    command
        .args(["-c", one_core_umask_and_user, "sh"])
        .arg(program)
        .arg("--cache")
        .arg(scratch.join("cache"));
    command
        .args(["--offline", "build", "--records", ".records"])
        .arg(project)
        .current_dir(project);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", scratch.join("home"));
    let noise = [
        ("TZ", "Pacific/Kiritimati"),
        ("LANG", "tr_TR.UTF-8"),
        ("LC_ALL", "C"),
        ("PYTHONHASHSEED", "7"),
        ("PYTHONPATH", "/nowhere"),
        ("SOURCE_DATE_EPOCH", "1234567890"),
        ("CFLAGS", "-O0 -g"),
        ("CPATH", "/usr/include"),
        ("USER", "mallory"),
        ("RAYON_NUM_THREADS", "1"),
    ];
    command.envs(noise);
    command
}

/// Gives everything to the other user, with times of its own.
fn disguise(folder: &Path) {
    let long_ago = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_007);
    for entry in walkdir::WalkDir::new(folder) {
        let path = entry.unwrap().into_path();
        std::os::unix::fs::chown(&path, Some(12345), Some(12345)).expect("this test runs as root");
        if path.is_file() {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
            std::fs::File::options()
                .write(true)
                .open(&path)
                .unwrap()
                .set_modified(long_ago)
                .unwrap();
        }
    }
}

/// The records of a build, each with its file name.
fn records(folder: &Path) -> Vec<(String, String)> {
    let mut records: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read_to_string(path).unwrap(),
            )
        })
        .collect();
    records.sort();
    assert!(records.len() >= 8, "each stage has a record");
    records
}

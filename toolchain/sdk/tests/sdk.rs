//! The real SDK, made of the pinned packages. What it compiles is run by the tests of the stage `libcxx`.

use ampoule_action::Console;
use ampoule_archive::Archive;
use ampoule_cache::Cache;
use ampoule_fetch::{Options, Pin, Pins, Platform};
use ampoule_sdk::{MakeSdk, Sdk, Tool};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The SDK, from the cache that the tests of the whole workspace share.
static SDK: LazyLock<PathBuf> = LazyLock::new(|| {
    let cache = Cache::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache")).unwrap();
    let pins = Pins::embedded();
    let needed = pins.group("sdk");
    let files = cache.files();
    ampoule_fetch::fetch(&needed, &files, &Options::default(), &Console::quiet()).unwrap();
    let archive = |pin: &Pin| pin.archive(&Platform::host(), &files).unwrap();
    let stage = MakeSdk {
        archives: needed.into_iter().map(archive).collect(),
        output: "sdk".into(),
    };
    let outcome = cache.perform(&stage, || Ok(()), &Console::quiet()).unwrap();
    outcome.path("sdk").to_path_buf()
});

#[test]
fn the_environment_does_not_reach_the_compiler() {
    let command = Sdk::open(&SDK).unwrap().clang().command();
    let variables: Vec<_> = command.get_envs().collect();
    assert_eq!(variables, [("SOURCE_DATE_EPOCH".as_ref(), Some("0".as_ref()))]);
}

#[test]
fn the_parts_bring_their_licences() {
    let names = std::fs::read_dir(SDK.join("share/licenses")).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["compiler-rt", "libcxxabi", "llvm", "wasi-libc", "zig"]);
}

/// The layout of a wasi-sdk release: one program for each tool, compiler-rt below the target's triple.
#[test]
fn an_unpacked_wasi_sdk_is_taken_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("wasi-sdk-27.0-x86_64-linux");
    let made = Sdk::open(&SDK).unwrap();
    for path in ["bin", "share", "lib"] {
        link(&made.root().join(path), &root.join(path));
    }
    let sdk = Sdk::open(&root).unwrap();
    let program = |tool: Tool| tool.program().strip_prefix(sdk.root()).unwrap().to_path_buf();
    assert_eq!(program(sdk.clang()), Path::new("bin/clang"));
    assert_eq!(program(sdk.wasm_ld()), Path::new("bin/wasm-ld"));
    assert_eq!(program(sdk.ar()), Path::new("bin/ar"));
}

fn link(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(from, to).unwrap();
}

#[test]
fn what_is_no_sdk_is_refused_with_the_part_that_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let error = Sdk::open(folder.path()).unwrap_err().to_string();
    assert!(
        error.contains("is no WASI SDK: a program of the toolchain (bin/clang) is not there"),
        "{error}"
    );
    let root = folder.path().join("partial");
    link(&SDK.join("bin"), &root.join("bin"));
    link(&SDK.join("lib"), &root.join("lib"));
    let error = Sdk::open(&root).unwrap_err().to_string();
    assert!(error.contains("share/wasi-sysroot/include/wasm32-wasip1"), "{error}");
}

#[test]
fn a_package_that_is_another_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache")).unwrap();
    assert!(SDK.exists());
    let pins = Pins::embedded();
    let archive = |pin: &Pin| pin.archive(&Platform::host(), &cache.files()).unwrap();
    let mut archives: Vec<Archive> = pins.group("sdk").into_iter().map(archive).collect();
    let runtime = archives.iter().find(|archive| archive.name == "compiler-rt").unwrap();
    let another = Archive {
        name: "wasi-libc".into(),
        ..runtime.clone()
    };
    archives.retain(|archive| archive.name != "wasi-libc");
    archives.push(another);
    let stage = MakeSdk {
        archives,
        output: folder.path().join("sdk"),
    };
    let error = ampoule_action::run(&stage, None, &Console::quiet())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("libclang-rt") && error.contains("has no include/wasm32-wasip1"),
        "{error}"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

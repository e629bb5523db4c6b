//! A crate becomes the same library, wherever it is compiled.

use ampoule_tests::Toolchain;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A crate with C of its own, which a build script has compiled, and with what tells places and times.
const FILES: [(&str, &str); 5] = [
    (
        "Cargo.toml",
        "[package]\nname = \"own\"\nversion = \"1.0.0\"\nedition = \"2024\"\n[lib]\ncrate-type = [\"cdylib\"]\n",
    ),
    (
        "Cargo.lock",
        "version = 4\n[[package]]\nname = \"own\"\nversion = \"1.0.0\"\n",
    ),
    ("own.c", "const char *place(void) { return __FILE__ __DATE__; }\n"),
    (
        "build.rs",
        "use std::process::Command;\n\
         fn main() {\n\
             let run = |tool: &str, arguments: &[&str]| {\n\
                 let program = std::env::var(format!(\"{tool}_wasm32_wasip2\")).unwrap();\n\
                 let flags = if tool == \"CC\" { std::env::var(\"CFLAGS_wasm32_wasip2\").unwrap() } else { String::new() };\n\
                 let line = format!(\"exec \\\"$0\\\" {flags} \\\"$@\\\"\");\n\
                 let mut shell = Command::new(\"/bin/sh\");\n\
                 assert!(shell.args([\"-c\", &line, &program]).args(arguments).status().unwrap().success());\n\
             };\n\
             let out = std::env::var(\"OUT_DIR\").unwrap();\n\
             let here = std::env::current_dir().unwrap();\n\
             run(\"CC\", &[\"-c\", &format!(\"{}/own.c\", here.display()), \"-o\", &format!(\"{out}/own.o\")]);\n\
             run(\"AR\", &[\"crs\", &format!(\"{out}/libown.a\"), &format!(\"{out}/own.o\")]);\n\
             println!(\"cargo::rustc-link-search={out}\\ncargo::rustc-link-lib=static=own\");\n\
         }\n",
    ),
    (
        "src/lib.rs",
        "use std::ffi::{c_char, CStr};\n\
         unsafe extern \"C\" { fn place() -> *const c_char; }\n\
         #[unsafe(no_mangle)]\n\
         pub extern \"C\" fn PyInit_own() -> usize {\n\
             let place = unsafe { CStr::from_ptr(place()) };\n\
             println!(\"{}\", file!());\n\
             format!(\"{place:?}\").parse::<usize>().unwrap()\n\
         }\n",
    ),
];

/// A folder with the crate and its description.
fn lay_out(folder: &Path) {
    for (name, content) in FILES {
        ampoule_action::write(&folder.join("crate").join(name), content).unwrap();
    }
    ampoule_action::write(&folder.join("own.toml"), "name = \"own\"\nkind = \"rust\"\n").unwrap();
}

/// The stage's program in a folder; gives the library.
fn compile(folder: &Path, rust: &Path, sdk: &Path, prepare: impl FnOnce(&mut Command)) -> Vec<u8> {
    let mut command = Command::new("sh");
    command.args([
        "-c",
        "umask 077; exec \"$@\"",
        "sh",
        env!("CARGO_BIN_EXE_ampoule-cargo"),
    ]);
    command
        .arg("--rust")
        .arg(rust)
        .arg("--sdk")
        .arg(sdk)
        .current_dir(folder);
    command.args([
        "--description",
        "own.toml",
        "--source",
        "crate",
        "--output",
        "library.a",
    ]);
    prepare(&mut command);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(folder.join("library.a")).unwrap()
}

#[test]
fn the_same_bytes_in_hostile_surroundings() {
    let toolchain = Toolchain::open(env!("CARGO_TARGET_TMPDIR"));
    let (rust, sdk) = (toolchain.rust(), toolchain.sdk());
    let scratch = tempfile::tempdir().unwrap();
    let plain = scratch.path().join("plain");
    lay_out(&plain);
    let first = compile(&plain, &rust, &sdk, |_| ());

    let hostile = scratch.path().join("a folder/it's ünïcode");
    lay_out(&hostile);
    let tools: Vec<PathBuf> = [("rust", &rust), ("sdk", &sdk)]
        .iter()
        .map(|(name, folder)| {
            let link = hostile.join(name);
            std::os::unix::fs::symlink(folder, &link).unwrap();
            link
        })
        .collect();
    // What a workspace and settings of others would do.
    ampoule_action::write(&hostile.join("Cargo.toml"), "[workspace]\nmembers = [\"none\"]\n").unwrap();
    ampoule_action::write(
        &hostile.join(".cargo/config.toml"),
        "[build]\nrustc-wrapper = \"none\"\n",
    )
    .unwrap();
    // What cargo has left where someone worked at the crate.
    ampoule_action::write(&hostile.join("crate/target/debug/left"), "x").unwrap();
    let manifest = hostile.join("crate/Cargo.toml");
    std::fs::set_permissions(&manifest, std::fs::Permissions::from_mode(0o444)).unwrap();
    let second = compile(&hostile, &tools[0], &tools[1], |command| {
        command.envs([
            ("RUSTFLAGS", "-Cnone"),
            ("CARGO_HOME", "/none"),
            ("CARGO_BUILD_TARGET", "none"),
            ("CFLAGS", "-none"),
            ("LC_ALL", "tr_TR.UTF-8"),
            ("TZ", "Asia/Kathmandu"),
            ("HOME", "/none"),
        ]);
    });
    assert!(first == second, "the libraries differ");
    for trace in ["ünïcode", &scratch.path().to_string_lossy(), &rust.to_string_lossy()] {
        let found = first.windows(trace.len()).any(|window| window == trace.as_bytes());
        assert!(!found, "{trace} is in the library");
    }
}

/// By Landlock and a filter of system calls: a build script can reach no server, read and list nothing but inputs and the system's programs,
/// write nothing but its own folder, and knows no variable of the user's.
#[test]
#[cfg(target_os = "linux")]
fn a_build_script_has_nothing_of_this_machine() {
    let toolchain = Toolchain::open(env!("CARGO_TARGET_TMPDIR"));
    let scratch = tempfile::tempdir().unwrap();
    lay_out(scratch.path());
    let path = |name: &str| scratch.path().join("crate").join(name);
    ampoule_action::write(&path("build.rs"), include_str!("probe/build.rs")).unwrap();
    let library = "#[unsafe(no_mangle)]\npub extern \"C\" fn PyInit_own() -> usize {\n    0\n}\n";
    ampoule_action::write(&path("src/lib.rs"), library).unwrap();
    let library = compile(scratch.path(), &toolchain.rust(), &toolchain.sdk(), |command| {
        command.env("AMPOULE_TEST_SECRET", "1");
    });
    assert!(!library.is_empty());
}

//! The wheel for pip: the same bytes twice, and all that is needed to build, on a machine that has nothing else.

use ampoule_release::wheel::{Wheels, make};
use ampoule_support::{ampoule, cache, copy_into, program, root, succeed};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The largest wheel, in bytes.
const LIMIT: u64 = 60_000_000;

/// Projects that need nothing beside the wheel, one with a lock, and one with extension modules in C and C++.
const EXAMPLES: [&str; 4] = ["hello", "web", "dependencies", "extension"];

/// Makes the wheel in a folder with the program of these tests.
fn wheel(folder: &Path, output: &str) -> PathBuf {
    let tools = folder.join("tools");
    std::fs::create_dir_all(tools.join("bin")).unwrap();
    std::fs::copy(program(), tools.join("bin/ampoule")).unwrap();
    let how = Wheels {
        source: root(),
        output: folder.join(output),
        mirror: Vec::new(),
        tools: Some(tools),
        cache: Some(cache()),
    };
    make(&how).unwrap()
}

/// Installs a wheel into a new environment in a folder; gives the folder of the package, relative to the first.
fn install(wheel: &Path, folder: &Path) -> PathBuf {
    let environment = folder.join("venv");
    let python = environment.join("bin/python");
    succeed(
        Command::new("python3")
            .args(["-m", "venv", "--without-pip"])
            .arg(&environment),
    );
    let pip = ["install", "--quiet", "--no-index", "--no-deps"];
    succeed(
        Command::new("python3")
            .args(["-m", "pip", "--python"])
            .arg(&python)
            .args(pip)
            .arg(wheel),
    );
    let place = "import ampoule, os; print(os.path.dirname(ampoule.__file__))";
    let place = succeed(Command::new(&python).args(["-c", place]));
    let place = Path::new(place.trim_end()).strip_prefix(folder);
    place.unwrap().to_path_buf()
}

/// Runs the installed program in a root that has nothing but the package, the projects, pinned files and what the kernel
/// gives, without a network.
fn in_empty_root(folder: &Path, package: &Path, arguments: &[&str]) {
    let script = r#"
        mount -t proc proc "$1/proc"
        mount --rbind /dev "$1/dev"
        mount --bind "$2" "$1/pinned"
        root=$1
        shift 2
        exec env --ignore-environment HOME=/home "$(command -v chroot)" "$root" "$@""#;
    for place in ["dev", "proc", "pinned", "home", "tmp"] {
        std::fs::create_dir_all(folder.join(place)).unwrap();
    }
    succeed(
        Command::new("unshare")
            .args(["--mount", "--propagation", "private", "--net", "--pid", "--fork"])
            .args(["sh", "-euc", script, "sh"])
            .arg(folder)
            .arg(cache().join("files"))
            .arg(Path::new("/").join(package).join("bin/ampoule"))
            .args(arguments),
    );
}

/// The component of an example as the tests' own cache gives it.
fn expected(example: &str) -> Vec<u8> {
    let scratch = tempfile::tempdir().unwrap();
    copy_into(&root().join("examples").join(example), scratch.path());
    succeed(ampoule(scratch.path()).args(["build", "--output", "component.wasm"]));
    std::fs::read(scratch.path().join("component.wasm")).unwrap()
}

/// Calls each function of the Python package, with no program on the PATH.
fn the_package_works(folder: &Path) {
    let script = r#"
import ampoule, pathlib, subprocess, sys

component = ampoule.build("hello", output="built.wasm", options=ampoule.Options(offline=True))
assert component.path == pathlib.Path("built.wasm")
again = ampoule.componentize("app", wit=["hello/wit"], world="hello", paths=["hello"], output="componentized.wasm")
assert again.path.read_bytes()[:4] == b"\0asm"
assert (ampoule.bindings("bindings", wit=["hello/wit"]) / "wit_world").is_dir()
try:
    ampoule.build("nowhere")
except ampoule.Error as error:
    assert str(error) == "nowhere is no folder; give the folder that holds pyproject.toml", error
else:
    raise AssertionError("there is no such project")
printed = [[sys.executable, "-m", "ampoule", "--version"], [pathlib.Path(sys.prefix, "bin/ampoule"), "--version"]]
assert len({subprocess.check_output(command) for command in printed}) == 1
print(component.sha256)
"#;
    let home = tempfile::tempdir().unwrap();
    let digest = succeed(
        Command::new("unshare")
            .args(["--net", "env", "--ignore-environment", "PATH=/nowhere"])
            .arg(format!("HOME={}", home.path().display()))
            .arg(folder.join("venv/bin/python"))
            .args(["-c", script])
            .current_dir(folder),
    );
    let expected = ampoule_action::Digest::of_bytes(&expected("hello"));
    assert_eq!(digest.trim_end(), expected.hexadecimal());
}

#[test]
fn a_wheel_is_the_same_twice_and_has_all_that_a_build_needs() {
    let scratch = tempfile::tempdir().unwrap();
    let (one, other) = (wheel(scratch.path(), "one"), wheel(scratch.path(), "other"));
    assert_eq!(one.file_name(), other.file_name());
    assert!(std::fs::read(&one).unwrap() == std::fs::read(&other).unwrap());
    let size = std::fs::metadata(&one).unwrap().len();
    assert!(size <= LIMIT, "{size}");

    // What is compiled needs the SDK, which the wheel leaves out; its sources are pinned.
    succeed(ampoule(scratch.path()).arg("fetch"));
    let folder = scratch.path().join("root");
    std::fs::create_dir(&folder).unwrap();
    let package = install(&one, &folder);
    for example in EXAMPLES {
        let expected = expected(example);
        copy_into(&root().join("examples").join(example), &folder.join(example));
        let output = format!("{example}.wasm");
        let mirror: &[&str] = if ["hello", "web"].contains(&example) {
            &[]
        } else {
            &["--mirror", "/pinned"]
        };
        let build = ["build", example, "--output", &output];
        in_empty_root(&folder, &package, &[mirror, &build].concat());
        assert!(std::fs::read(folder.join(&output)).unwrap() == expected, "{example}");
    }
    the_package_works(&folder);
}

//! The examples, unmodified, in hosts that are not written in Rust: wasmtime-py, and through jco Node and headless Chromium.
//! Where a host cannot call asynchronous functions, it is seen to say so.
//!
//! What the hosts run is in `tests/systems/hosts/`. The calls of the example echo are those of its host in Rust, which are recorded for them.
//! Packages come through npm, pip and apt, into folders below the target folder but for Chromium.

mod table;
mod typed;

use crate::build_systems::apt;
use ampoule_support::{ampoule, copy, copy_into, root, scratch, succeed, text};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The components, each with its project.
const COMPONENTS: [(&str, &str); 8] = [
    (ASYNCHRONOUS, "examples/asynchronous"),
    ("hello", "examples/hello"),
    ("echo", "examples/echo"),
    ("extension", "examples/extension"),
    ("resources", "examples/resources"),
    ("surroundings", "tests/apps/surroundings"),
    (THROWING, "tests/apps/throwing"),
    ("without-wasi", "tests/apps/without-wasi"),
];

/// What old hosts cannot call.
const ASYNCHRONOUS: &str = "asynchronous";

/// What they cannot compile.
const THROWING: &str = "throwing";

/// How many seconds a host may take.
const LIMIT: &str = "300";

/// The environment variable that no host gives to the component.
const SECRET: &str = "NO_SUCH_VARIABLE";

/// What jco makes of a list of lists fails whatever the component is (1.27 to 1.35).
const OF_JCO: [&str; 1] = ["echo-nested: Cannot access 'i' before initialization"];

#[test]
fn wasmtime_py() {
    let folder = folder();
    let said = run(python().as_os_str(), &["-B", "wasmtime_py.py"], folder);
    check(&said, true, "maps", &[]);
    assert!(said.printed.contains("out: Grüße 🐍\n"), "{}", said.printed);
    assert_traceback(&said.errors);
}

#[test]
fn node() {
    check_node("node", false);
}

/// The machine's may be too old for asynchronous functions and for exceptions.
#[test]
fn new_node() {
    check_node(new_node_program(), true);
}

fn check_node(program: &str, is_new: bool) {
    let said = run(program.as_ref(), &["node.js"], transpiled());
    check(&said, is_new, "", &OF_JCO);
    assert!(said.printed.contains("out: Grüße 🐍\n"), "{}", said.printed);
    assert!(said.errors.contains("err: Grüße 🐍\n"), "{}", said.errors);
    assert_traceback(&said.errors);
}

#[test]
fn browser() {
    let folder = transpiled();
    let picture = folder.join("page.png");
    let arguments = ["browser.js", chromium(), "page.html", path(&picture)];
    let said = run("node".as_ref(), &arguments, folder);
    check(&said, true, "", &OF_JCO);
    assert!(said.printed.contains("out: Grüße 🐍"), "{}", said.printed);
    assert!(said.printed.contains("err: Grüße 🐍"), "{}", said.printed);
    assert_traceback(&said.printed);
    let picture = std::fs::read(picture).expect("there is a picture");
    assert!(picture.starts_with(b"\x89PNG"), "the picture is no PNG");
}

/// The snippets of docs/hosts.md, each in its host.
#[test]
fn documentation() {
    let page = std::fs::read_to_string(root().join("docs/hosts.md")).expect("the page can be read");
    let snippets = |language: &str| -> Vec<String> {
        let opening = format!("```{language}\n");
        let parts = page.split(&opening).skip(1);
        parts
            .map(|part| part.split("```").next().unwrap_or_default().to_string())
            .collect()
    };
    let snippet = |language: &str| snippets(language).swap_remove(0);
    let folder = transpiled().join("documentation");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("the folder is ours");
    }
    std::fs::create_dir_all(&folder).expect("the folder is ours");
    std::os::unix::fs::symlink("../node_modules", folder.join("node_modules")).expect("the folder is ours");
    let hello = component(self::folder(), "hello");
    std::fs::copy(&hello, folder.join("hello.wasm")).expect("the component can be copied");
    for (name, language) in [("host.py", "python"), ("host.js", "javascript"), ("host.html", "html")] {
        std::fs::write(folder.join(name), snippet(language)).expect("the folder is ours");
    }

    let typed = std::fs::read_to_string(root().join("tests/systems/hosts/typed.rs")).expect("it is beside this test");
    assert_eq!(snippet("rust"), typed);
    let greeting = typed::greet(&hello, "Rust").expect("it does not trap");
    assert_eq!(greeting, "Hello, Rust!");
    let said = run(python().as_os_str(), &["host.py"], &folder);
    assert_eq!(said.printed, "Hello, Python!\n");
    let command = snippet("sh");
    run("sh".as_ref(), &["-c", &command], &folder);
    let said = run("node".as_ref(), &["host.js"], &folder);
    assert_eq!(said.printed, "Hello, Node!\n");
    run(
        "sh".as_ref(),
        &["-c", &format!("{} --instantiation async", command.trim_end())],
        &folder,
    );
    let picture = folder.join("page.png");
    let arguments = ["browser.js", chromium(), "documentation/host.html", path(&picture)];
    let said = run("node".as_ref(), &arguments, transpiled());
    assert_eq!(said.printed.lines().last(), Some("\"Hello, browser!\""));

    let example = component(self::folder(), ASYNCHRONOUS);
    std::fs::copy(example, folder.join("asynchronous.wasm")).expect("the component can be copied");
    let scripts = snippets("javascript");
    for (name, script) in [("thermometers.js", &scripts[1]), ("asynchronous.js", &scripts[2])] {
        std::fs::write(folder.join(name), script).expect("the folder is ours");
    }
    run("sh".as_ref(), &["-c", &snippets("sh")[1]], &folder);
    let said = run(new_node_program().as_ref(), &["asynchronous.js"], &folder);
    assert_eq!(said.printed, "4.5\nOslo 4.5\n");
}

/// What a host printed.
pub(crate) struct Said {
    pub(crate) printed: String,
    errors: String,
}

pub(crate) fn run(program: &std::ffi::OsStr, arguments: &[&str], folder: &Path) -> Said {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=10", LIMIT]).arg(program).args(arguments);
    command.current_dir(folder).env(SECRET, "secret").stdin(Stdio::null());
    let output = command.output().expect("the host can be started");
    let said = Said {
        printed: text(&output.stdout),
        errors: text(&output.stderr),
    };
    assert!(output.status.success(), "{}{}", said.printed, said.errors);
    said
}

/// The last line that a host prints says what the calls of each component gave, without what an old one lacks: asynchronous functions and exceptions. Calls
/// whose interface has this word are left out by it; `of_host` are the differences of the example echo that are the host's.
fn check(said: &Said, is_new: bool, left_out: &str, of_host: &[&str]) {
    let last = said.printed.lines().last().unwrap_or_default();
    let results: Value = serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {last}"));
    for (name, _) in COMPONENTS {
        if [ASYNCHRONOUS, THROWING].contains(&name) && !is_new {
            continue;
        }
        let result = &results[name];
        let known = if name == "echo" { of_host } else { &[] };
        assert_eq!(result["differences"], serde_json::json!(known), "{name}");
        assert!(result["calls"].as_u64() > Some(1), "{name}: {result}");
    }
    let is_left_out = |call: &Value| {
        let interface = call["interface"].as_str().unwrap_or_default();
        !left_out.is_empty() && interface.contains(left_out)
    };
    let table = std::fs::read(folder().join("table.json")).expect("the table can be read");
    let table: Vec<Value> = serde_json::from_slice(&table).expect("the table is JSON");
    let expected = table.iter().filter(|call| !is_left_out(call)).count();
    assert!(expected > 400, "only {expected} calls are in the table");
    assert!(
        results["echo"]["calls"].as_u64() > Some(expected as u64),
        "{}",
        results["echo"]
    );
}

/// An exception that nobody catches is printed with its source line.
fn assert_traceback(said: &str) {
    assert!(said.contains("raise ValueError(message)"), "{said}");
    assert!(said.contains("ValueError: nobody catches this"), "{said}");
}

/// The folder with what the hosts run.
fn scripts() -> &'static Path {
    static SCRIPTS: OnceLock<PathBuf> = OnceLock::new();
    SCRIPTS.get_or_init(|| {
        let folder = scratch().join("hosts");
        copy_into(&root().join("tests/systems/hosts"), &folder);
        folder
    })
}

/// The same with the packages of `package.json`.
pub(crate) fn packages() -> &'static Path {
    static PACKAGES: OnceLock<&Path> = OnceLock::new();
    PACKAGES.get_or_init(|| {
        install(scripts());
        scripts()
    })
}

/// The same with the components and the table of calls.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<&Path> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = scripts();
        let components = folder.join("out");
        std::fs::create_dir_all(&components).expect("the folder is ours");
        for (name, project) in COMPONENTS {
            let project = copy(&root().join(project));
            let printed = succeed(ampoule(project.path()).arg("build"));
            let built = project.path().join(printed.trim_end());
            std::fs::copy(built, component(folder, name)).expect("the component can be copied");
        }
        let calls = ampoule_echo_host::record(&component(folder, "echo")).expect("no call traps");
        let table = table::table(&calls).to_string();
        std::fs::write(folder.join("table.json"), table).expect("the table can be written");
        folder
    })
}

fn component(folder: &Path, name: &str) -> PathBuf {
    folder.join("out").join(format!("{name}.wasm"))
}

/// The same with the packages, and the components as jco transpiles them.
fn transpiled() -> &'static Path {
    static TRANSPILED: OnceLock<&Path> = OnceLock::new();
    TRANSPILED.get_or_init(|| {
        let folder = folder();
        packages();
        for (name, _) in COMPONENTS {
            let output = folder.join("out").join(name);
            let mut jco = Command::new("node_modules/.bin/jco");
            jco.args(["transpile", "--quiet", "--instantiation", "async"]);
            if name == ASYNCHRONOUS {
                jco.args(["--async-mode", "jspi"]);
            }
            if name == THROWING {
                jco.arg("--bindgen-enable-wasm-exnref");
            }
            jco.args(["--name", name, "-o"]);
            succeed(jco.arg(output).arg(component(folder, name)).current_dir(folder));
        }
        folder
    })
}

/// Node as the lock file has it.
fn new_node_program() -> &'static str {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    path(PROGRAM.get_or_init(|| transpiled().join("node_modules/.bin/node")))
}

/// Python with wasmtime-py.
fn python() -> PathBuf {
    ampoule_tests::python_with(&scratch(), &["wasmtime==48.0.0"]).join("python")
}

/// Installs the packages of the lock file, unless they are there.
fn install(folder: &Path) {
    let lock = std::fs::read(folder.join("package-lock.json")).expect("the lock file can be read");
    let installed = folder.join("installed-lock.json");
    if std::fs::read(&installed).is_ok_and(|installed| installed == lock) {
        return;
    }
    succeed(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(folder),
    );
    std::fs::write(installed, lock).expect("the folder is ours");
}

/// Debian's Chromium, installed where it is missing.
pub(crate) fn chromium() -> &'static str {
    static PROGRAM: OnceLock<&str> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let program = "/usr/bin/chromium";
        if !Path::new(program).exists() {
            let _alone = apt();
            succeed(Command::new("apt-get").args(["update", "--quiet"]));
            let mut apt = Command::new("apt-get");
            apt.args(["install", "--yes", "--quiet", "--no-install-recommends", "chromium"]);
            succeed(apt.env("DEBIAN_FRONTEND", "noninteractive"));
        }
        program
    })
}

pub(crate) fn path(path: &Path) -> &str {
    path.to_str().expect("the target folder's path is Unicode")
}

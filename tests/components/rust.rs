//! Extension modules in Rust: what a crate with PyO3 does at build and at run time.

use ampoule_support::component::{App, State};
use ampoule_support::{ampoule, copy, root, succeed, text};
use std::sync::LazyLock;
use wasmtime_wasi::WasiCtxBuilder;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;

static APP: LazyLock<App> = LazyLock::new(|| built(""));

/// The app, built with what its settings have beside.
fn built(settings: &str) -> App {
    let project = copy(&root().join("tests/apps/rust"));
    let file = project.path().join("pyproject.toml");
    let table = "[tool.ampoule]\n";
    let content = ampoule_action::read_text(&file).expect("its settings");
    ampoule_action::write(&file, content.replace(table, &format!("{table}{settings}"))).expect("its settings");
    let printed = succeed(ampoule(project.path()).arg("build"));
    App::load(&project.path().join(printed.trim_end()))
}

fn check(name: &str) -> String {
    let state = State::new(WasiCtxBuilder::new().env("COLOUR", "blue").build());
    APP.check(state, name).expect(name)
}

#[test]
fn a_crate_does_what_it_does_elsewhere() {
    assert_eq!(check("counting"), "([('a', 2), ('b', 1)], [('y', 1), ('ž', 2)])");
    assert_eq!(
        check("classes"),
        "[0, 0, 1, 5, 'KeyError', 'ZeroDivisionError', 'TypeError']"
    );
    assert_eq!(check("surroundings"), "(True, True, 'blue')");
    assert_eq!(check("lacking"), "(True, True, 'entity not found')");
    assert_eq!(check("exception"), "no_such_module");
}

/// It is compiled with the features that the description says, and tells nothing of this machine.
#[test]
fn a_crate_has_the_features_that_are_asked_for() {
    assert_eq!(check("told"), "((True, False), 'src/lib.rs')");
}

#[test]
fn a_panic_says_where_it_was() {
    for (name, message) in [
        ("message", "panicked at src/lib.rs:21:22:\non purpose: 42\n"),
        ("index", "panicked at src/lib.rs:22:"),
    ] {
        let errors = MemoryOutputPipe::new(1 << 16);
        let state = State::new(WasiCtxBuilder::new().stderr(errors.clone()).build());
        let error = APP.check(state, name).expect_err("a panic ends the instance");
        assert!(format!("{error:?}").contains("unreachable"), "{error:?}");
        let said = text(&errors.contents());
        assert!(said.contains(message), "{said}");
    }
}

#[test]
fn without_wasi_it_has_what_needs_no_host() {
    let app = built("wasi = \"none\"\n");
    assert_eq!(app.imports(), Vec::<String>::new());
    assert_eq!(app.check_alone("counting").unwrap(), check("counting"));
    assert_eq!(app.check_alone("classes").unwrap(), check("classes"));
}

/// The crates, the compiler and what it runs with are parts of what a component was built from.
#[test]
fn bill_and_provenance_name_each_crate() {
    let project = copy(&root().join("tests/apps/rust"));
    let told = tempfile::tempdir().expect("a scratch folder");
    let file = |name: &str| told.path().join(name);
    let mut command = ampoule(project.path());
    command.arg("build").arg("--sbom").arg(file("sbom.json"));
    succeed(command.arg("--provenance").arg(file("provenance.json")));
    let lock = root().join("tests/apps/rust/native/Cargo.lock");
    let crates = ampoule_fetch::crates_of(&lock).expect("a lock");
    assert!(crates.len() > 10);
    for name in ["sbom.json", "provenance.json"] {
        let text = ampoule_action::read_text(&file(name)).expect("it is written");
        for pin in &crates {
            assert!(text.contains(&pin.purl), "{} is not in {name}", pin.purl);
        }
        assert!(text.contains("rustc"), "{name} does not name the compiler");
    }
}

/// What the build of an app says whose extension module is a crate of these files, with the description `more`.
fn refused(more: &str, files: &[(&str, &str)]) -> String {
    let project = tempfile::tempdir().expect("a scratch folder");
    let own = [
        (
            "pyproject.toml",
            "[tool.ampoule]\nworld = \"w\"\napp = \"app\"\n[[tool.ampoule.extensions]]\ndescription = \"own.toml\"\nsource = \"crate\"\n",
        ),
        ("wit/w.wit", "package a:b;\nworld w { export f: func(); }\n"),
        (
            "app.py",
            "import own, wit_world\nclass WitWorld(wit_world.WitWorld):\n    def f(self): pass\n",
        ),
        ("own.toml", &format!("name = \"own\"\nkind = \"rust\"\n{more}")),
    ];
    for (path, content) in own.iter().chain(files) {
        ampoule_action::write(&project.path().join(path), content).expect("a file");
    }
    let output = ampoule(project.path())
        .arg("build")
        .output()
        .expect("it can be started");
    assert!(!output.status.success());
    text(&output.stderr)
}

const MANIFEST: (&str, &str) = (
    "crate/Cargo.toml",
    "[package]\nname = \"own\"\nversion = \"1.0.0\"\nedition = \"2024\"\n[lib]\ncrate-type = [\"cdylib\"]\n",
);
const LOCK: (&str, &str) = (
    "crate/Cargo.lock",
    "version = 4\n[[package]]\nname = \"own\"\nversion = \"1.0.0\"\n",
);

#[test]
fn imports_from_the_host_are_refused_by_crate_and_name() {
    let source = "#[link(wasm_import_module = \"wasi:http/types@0.2.4\")]\nunsafe extern \"C\" {\n    #[link_name = \"[constructor]fields\"]\n    \
                  fn fields() -> i32;\n}\n#[unsafe(no_mangle)]\npub extern \"C\" fn PyInit_own() -> i32 {\n    unsafe { fields() }\n}\n";
    let said = refused("", &[MANIFEST, LOCK, ("crate/src/lib.rs", source)]);
    let expected = "own imports from the host, which an extension module cannot:\n  wasi:http/types@0.2.4 [constructor]fields, by the crate own\n";
    assert!(said.contains(expected), "{said}");
}

#[test]
fn what_is_wrong_with_a_crate_is_said() {
    let source = ("crate/src/lib.rs", "pub fn wrong() -> u8 { \"text\" }\n");
    let said = refused("", &[MANIFEST, LOCK, source]);
    assert!(
        said.contains("compiling own failed:\nerror[E0308]: mismatched types\n --> src/lib.rs:1:24"),
        "{said}"
    );
    let place = "#[unsafe(no_mangle)]\npub extern \"C\" fn PyInit_own() -> *const u8 {\n    env!(\"CARGO_MANIFEST_DIR\").as_ptr()\n}\n";
    let said = refused("", &[MANIFEST, LOCK, (source.0, place)]);
    assert!(
        said.contains("own has in it the path of the folder in which it was compiled"),
        "{said}"
    );
    let said = refused("", &[MANIFEST, source]);
    assert!(
        said.contains("crate/Cargo.toml has no Cargo.lock beside it, by which its crates are pinned: make one with"),
        "{said}"
    );
    let said = refused("manifest = \"core/Cargo.toml\"\n", &[MANIFEST, LOCK, source]);
    assert!(
        said.contains("there is no crate/core/Cargo.toml: `manifest` in the description names"),
        "{said}"
    );
    let said = refused("sources = [\"a.c\"]\n", &[MANIFEST, LOCK, source]);
    assert!(
        said.contains("own.toml: `sources` is for C and C++: of a crate, Cargo.toml says all of that"),
        "{said}"
    );
    let said = refused("features = [\"fast\"]\n", &[MANIFEST, LOCK, source]);
    assert!(said.contains("own") && said.contains("fast"), "{said}");
    let needy = format!("{}[dependencies]\nlibc = \"0.2\"\n", MANIFEST.1);
    let said = refused("", &[(MANIFEST.0, &needy), LOCK, source]);
    assert!(
        said.contains("Cargo.lock does not fit Cargo.toml: write it again with"),
        "{said}"
    );
    let git = format!(
        "{}[[package]]\nname = \"x\"\nversion = \"1.0.0\"\nsource = \"git+https://example.com/x#{}\"\n",
        LOCK.1,
        "0".repeat(40)
    );
    let said = refused("", &[MANIFEST, (LOCK.0, &git), source]);
    assert!(
        said.contains("crate/Cargo.lock: x 1.0.0 has no checksum: only crates of cargo's registry can be had"),
        "{said}"
    );
}

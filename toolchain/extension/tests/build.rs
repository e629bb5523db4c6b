//! Extension modules are built from sources, alike everywhere, and what is wrong with sources is said.

use ampoule_action::Console;
use ampoule_extension::{Build, Folders};
use ampoule_recipe::Description;
use ampoule_sdk::Sdk;
use ampoule_tests::Toolchain;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static TOOLCHAIN: LazyLock<(Sdk, Folders)> = LazyLock::new(|| {
    let toolchain = Toolchain::open(env!("CARGO_TARGET_TMPDIR"));
    let sdk = Sdk::open(&toolchain.sdk()).unwrap();
    let folders = Folders {
        headers: toolchain.cpython().join(ampoule_image::HEADERS),
        source: PathBuf::new(),
        libcxx: Some(toolchain.libcxx(false)),
    };
    (sdk, folders)
});

/// Builds a module from a folder.
fn build_folder(folder: &Path, description: &Path) -> Result<Vec<u8>, String> {
    build_with(&TOOLCHAIN.1, folder, description)
}

/// Builds a module from a folder; all others are given.
fn build_with(folders: &Folders, folder: &Path, description: &Path) -> Result<Vec<u8>, String> {
    let sdk = &TOOLCHAIN.0;
    let description = Description::read(description).map_err(|error| error.to_string())?;
    let folders = Folders {
        source: folder.to_path_buf(),
        ..folders.clone()
    };
    let scratch = tempfile::tempdir().unwrap();
    let output = scratch.path().join("extension.so");
    let build = Build {
        sdk,
        folders,
        description,
        libraries: BTreeMap::new(),
    };
    build
        .module(&output, &Console::quiet())
        .map_err(|error| error.to_string())?;
    Ok(std::fs::read(output).unwrap())
}

/// A folder with one source and its description.
fn sources(file: &str, text: &str, more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(file), text).unwrap();
    std::fs::write(
        folder.path().join("extension.toml"),
        format!("name = 'package.sample'\nsources = ['{file}']\n{more}"),
    )
    .unwrap();
    folder
}

/// Builds a module `sample` from one source.
fn build_source(file: &str, text: &str, more: &str) -> Result<Vec<u8>, String> {
    let folder = sources(file, text, more);
    build_folder(folder.path(), &folder.path().join("extension.toml"))
}

const MODULE: &str = "#include <Python.h>\nstatic PyModuleDef module = {PyModuleDef_HEAD_INIT, \"sample\"};\n\
     PyMODINIT_FUNC PyInit_sample(void) { return PyModuleDef_Init(&module); }\n";

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/extension/native")
}

/// Runs a program of the SDK in a folder.
fn run(tool: &ampoule_sdk::Tool, folder: &Path, arguments: &[&str]) {
    ampoule_sdk::run(tool.command().current_dir(folder).args(arguments), "making a library").unwrap();
}

#[test]
fn a_library_may_have_it_all() {
    let folder = sources("module.c", "int PyInit_sample(void) { return 1; }", "");
    let sdk = &TOOLCHAIN.0;
    let flags = ["-fPIC", "-fvisibility=hidden", "-c", "module.c", "-o", "module.o"];
    run(
        &sdk.clang(),
        folder.path(),
        &[&["--target=wasm32-wasip2"], &flags[..]].concat(),
    );
    run(&sdk.ar(), folder.path(), &["rcsD", "libsample.a", "module.o"]);
    let description = folder.path().join("extension.toml");
    std::fs::write(
        &description,
        "name = 'package.sample'\nsources = []\nlibraries = ['libsample.a']",
    )
    .unwrap();
    build_folder(folder.path(), &description).unwrap();
}

/// The linker would put a trap in the place of such a call.
#[test]
fn a_call_with_other_types_is_refused() {
    let caller = "long long other(long long); int PyInit_sample(void) { return other(1) != 0; }";
    let folder = sources("module.c", caller, "");
    std::fs::write(folder.path().join("other.c"), "int other(int x) { return x; }").unwrap();
    let description = folder.path().join("extension.toml");
    std::fs::write(
        &description,
        "name = 'package.sample'\nsources = ['module.c', 'other.c']",
    )
    .unwrap();
    let error = build_folder(folder.path(), &description).unwrap_err();
    assert!(
        error.contains("package.sample calls other with other types than it has"),
        "{error}"
    );
}

#[test]
fn the_example_in_cxx_is_the_same_from_another_folder() {
    let here = build_folder(&example(), &example().join("extension.toml")).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(example()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), elsewhere.path().join(entry.file_name())).unwrap();
    }
    let there = build_folder(elsewhere.path(), &elsewhere.path().join("extension.toml")).unwrap();
    assert!(here == there);
    let text = String::from_utf8_lossy(&here);
    assert!(!text.contains(env!("CARGO_MANIFEST_DIR")) && !text.contains("/tmp"));
    let input = ampoule_link::Input {
        name: "words",
        image_path: None,
        bytes: &here,
    };
    assert_eq!(ampoule_link::initializers(&input).unwrap(), ["PyInit_words"]);
}

#[test]
fn sources_in_cxx_need_the_libraries() {
    let folders = Folders {
        libcxx: None,
        ..TOOLCHAIN.1.clone()
    };
    let error = build_with(&folders, &example(), &example().join("extension.toml")).unwrap_err();
    assert!(
        error.contains("there is no libc++.a") && error.contains("--libcxx DIR"),
        "{error}"
    );
}

/// What throws is linked with libraries that do, and imports what it throws.
#[test]
fn exceptions_are_asked_for() {
    let (_, without) = &*TOOLCHAIN;
    let with = Folders {
        libcxx: Some(Toolchain::open(env!("CARGO_TARGET_TMPDIR")).libcxx(true)),
        ..without.clone()
    };
    let source = format!("extern \"C\" void f() {{ throw 1; }}\nextern \"C\" {{\n{MODULE}}}\n");
    let build = |folders: &Folders, more: &str| {
        let folder = sources("sample.cpp", &source, more);
        build_with(folders, folder.path(), &folder.path().join("extension.toml"))
    };
    let module = build(&with, "exceptions = true").unwrap();
    for name in ["__cpp_exception", "ampoule_uncaught"] {
        assert!(
            module.windows(name.len()).any(|window| window == name.as_bytes()),
            "{name}"
        );
    }
    let error = build(without, "exceptions = true").unwrap_err();
    assert!(
        error.contains("no libunwind.a") && error.contains("ampoule-libcxx --exceptions"),
        "{error}"
    );
    let error = build_with(&with, &example(), &example().join("extension.toml")).unwrap_err();
    assert!(error.contains("are made with exceptions"), "{error}");
    let jump = format!("#include <setjmp.h>\njmp_buf place;\nvoid f(void) {{ longjmp(place, 1); }}\n{MODULE}");
    build_source("sample.c", &jump, "exceptions = true").unwrap();
    let error = build_source("sample.c", &jump, "").unwrap_err();
    assert!(error.contains("`exceptions = true`"), "{error}");
}

#[test]
fn macros_standards_and_flags_reach_the_compiler() {
    let checks = "#if NUMBER != 3 || SWITCH != 1 || defined(OFF) || !defined(EXTRA) || __STDC_VERSION__ != 201112L\n#error no\n#endif\n";
    let more =
        "defines = { NUMBER = 3, SWITCH = true, OFF = false, TEXT = '\"x\"' }\nc-standard = 'c11'\nflags = ['-DEXTRA']";
    build_source("sample.c", &format!("{checks}const char *text = TEXT;\n{MODULE}"), more).unwrap();
}

#[test]
fn what_is_wrong_with_the_sources_is_said() {
    let error = build_source("sample.c", "#include \"absent.h\"", "").unwrap_err();
    assert!(
        error.contains("compiling sample.c failed") && error.contains("`include` in the description"),
        "{error}"
    );
    let error = build_source("sample.cpp", "void f() { throw 1; }", "").unwrap_err();
    assert!(error.contains("`exceptions = true`"), "{error}");
    let error = build_source("sample.c", &MODULE.replace("PyInit_sample", "PyInit_other"), "").unwrap_err();
    assert!(
        error.contains("no function `PyInit_sample`") && error.contains("it has PyInit_other"),
        "{error}"
    );
    let error = build_source("sample.c", "int nothing;", "").unwrap_err();
    assert!(error.contains("write PyMODINIT_FUNC"), "{error}");
    let outside = tempfile::NamedTempFile::new().unwrap();
    let include = format!("#include \"{}\"\n{MODULE}", outside.path().display());
    let error = build_source("sample.c", &include, "").unwrap_err();
    assert!(
        error.contains("sample.c includes") && error.contains("copy it into the source folder"),
        "{error}"
    );
    let error = build_source("sample.c", MODULE, "libraries = ['jpeg']").unwrap_err();
    assert!(error.contains("there is no library \"jpeg\""), "{error}");
    let error = build_source("sample.c", MODULE, "header = []").unwrap_err();
    assert!(
        error.contains("unknown key `header`") && error.contains("extension.toml"),
        "{error}"
    );
}

/// The assembler reads files that the compiler does not list; what reads none is taken.
#[test]
fn inline_assembly_reads_no_files() {
    let outside = tempfile::NamedTempFile::new().unwrap();
    let path = outside.path().display();
    let macros = format!(
        "#define TEXT \".inc\" \"bin \\\"{path}\\\"\"\n__asm__(\".section .data.secret,\\\"\\\",@\\n\" TEXT);\n"
    );
    let local = format!("void f(void) {{ __asm__ volatile(\".include \\\"{path}\\\"\"); }}\n");
    for text in [macros, local] {
        let error = build_source("sample.c", &format!("{text}{MODULE}"), "").unwrap_err();
        assert!(
            error.contains("sample.c has inline assembly with `.inc") && error.contains("as an array in C"),
            "{error}"
        );
    }
    let plain = "int f(int a) { int b; __asm__(\"local.get %1\\n i32.const 1\\n i32.add\\n local.set %0\" : \"=r\"(b) : \"r\"(a)); return b; }\n";
    let barrier = "void g(void) { __asm__ volatile(\"\" ::: \"memory\"); }\n";
    build_source("sample.c", &format!("{plain}{barrier}{MODULE}"), "").unwrap();
}

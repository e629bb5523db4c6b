//! The real libraries, compiled with the real SDK: programs in C and C++ run, for both targets.

use ampoule_action::Console;
use ampoule_sdk::{Sdk, Target};
use ampoule_tests::Toolchain;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use wasmtime::component::{Component, ResourceTable};
use wasmtime::{Caller, Engine, Linker, Module, Store};
use wasmtime_wasi::p2::bindings::sync::Command as Program;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

/// What the C program prints.
const FROM_C: &str = "hello from C: 0.333333333333333 17\n";
/// What the C++ program prints.
const FROM_CXX: &str = "hello from C++, long enough for the heap: apple=5 fig=3 pear=4 1 2.25 /b/c.txt\n";

static TOOLCHAIN: LazyLock<Toolchain> = LazyLock::new(|| Toolchain::open(env!("CARGO_TARGET_TMPDIR")));

fn program(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs").join(name)
}

fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    assert!(errors.is_empty(), "{command:?} warns: {errors}");
}

/// Compiles a program of the tests with the tools that people use.
fn compile_by_hand(compiler: &str, target: Target, source: &str, flags: &[String]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("program.wasm");
    let mut command = Command::new(TOOLCHAIN.sdk().join("bin").join(compiler));
    command.arg(format!("--target={target}")).args(["-O2", "-Wall"]);
    succeed(command.arg(program(source)).args(flags).arg("-o").arg(&output));
    std::fs::read(output).unwrap()
}

/// The flags for a program in C++.
fn cxx_flags() -> Vec<String> {
    let folder = format!("-L{}", TOOLCHAIN.libcxx(false).display());
    vec![folder, "-fno-exceptions".to_owned()]
}

/// Runs a core module for wasip1 on a host of its own: it has a clock and files that take what is written.
fn run_wasip1(module: &[u8]) -> String {
    let engine = Engine::default();
    let mut store = Store::new(&engine, Vec::new());
    let module = Module::new(&engine, module).unwrap();
    let mut linker = Linker::new(&engine);
    linker
        .func_wrap("wasi_snapshot_preview1", "fd_write", write_vectors)
        .unwrap();
    linker
        .func_wrap("wasi_snapshot_preview1", "clock_time_get", tell_time)
        .unwrap();
    linker
        .define_unknown_imports_as_default_values(&mut store, &module)
        .unwrap();
    let instance = linker.instantiate(&mut store, &module).unwrap();
    let start = instance.get_typed_func::<(), ()>(&mut store, "_start").unwrap();
    start.call(&mut store, ()).unwrap();
    String::from_utf8(store.into_data()).unwrap()
}

/// `fd_write`: appends the given parts of memory to the output, and stores how much that was.
fn write_vectors(mut caller: Caller<'_, Vec<u8>>, _file: i32, vectors: i32, count: i32, written: i32) -> i32 {
    let memory = caller.get_export("memory").unwrap().into_memory().unwrap();
    let (bytes, output) = memory.data_and_store_mut(&mut caller);
    let word = |bytes: &[u8], address: usize| u32::from_le_bytes(bytes[address..address + 4].try_into().unwrap());
    let before = output.len();
    for vector in 0..count as usize {
        let address = vectors as usize + 8 * vector;
        let (start, length) = (word(bytes, address) as usize, word(bytes, address + 4) as usize);
        output.extend_from_slice(&bytes[start..start + length]);
    }
    let total = (output.len() - before) as u32;
    bytes[written as usize..written as usize + 4].copy_from_slice(&total.to_le_bytes());
    0
}

/// `clock_time_get`: some time after 1970.
fn tell_time(mut caller: Caller<'_, Vec<u8>>, _clock: i32, _precision: i64, result: i32) -> i32 {
    let memory = caller.get_export("memory").unwrap().into_memory().unwrap();
    let time = 1_000_000_000_000_000_000u64.to_le_bytes();
    memory.write(&mut caller, result as usize, &time).unwrap();
    0
}

struct State {
    context: WasiCtx,
    table: ResourceTable,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.context,
            table: &mut self.table,
        }
    }
}

/// Runs a core module for wasip2 as the component that wit-component makes of it.
fn run_wasip2(module: &[u8]) -> String {
    let mut encoder = wit_component::ComponentEncoder::default();
    let component = encoder.validate(true).module(module).unwrap().encode().unwrap();
    let engine = Engine::default();
    let stdout = MemoryOutputPipe::new(1 << 16);
    let state = State {
        context: WasiCtxBuilder::new().stdout(stdout.clone()).build(),
        table: ResourceTable::new(),
    };
    let mut store = Store::new(&engine, state);
    let mut linker = wasmtime::component::Linker::new(&engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker).unwrap();
    let component = Component::new(&engine, component).unwrap();
    let program = Program::instantiate(&mut store, &component, &linker).unwrap();
    program.wasi_cli_run().call_run(&mut store).unwrap().unwrap();
    String::from_utf8(stdout.contents().to_vec()).unwrap()
}

#[test]
fn programs_for_wasip1_run() {
    let target = Target::Wasip1;
    let run = |compiler, source, flags: &[String]| run_wasip1(&compile_by_hand(compiler, target, source, flags));
    assert_eq!(run("clang", "hello.c", &[]), FROM_C);
    assert_eq!(run("clang++", "hello.cc", &cxx_flags()), FROM_CXX);
}

#[test]
fn programs_for_wasip2_run() {
    let target = Target::Wasip2;
    let run = |compiler, source, flags: &[String]| run_wasip2(&compile_by_hand(compiler, target, source, flags));
    assert_eq!(run("clang", "hello.c", &[]), FROM_C);
    assert_eq!(run("clang++", "hello.cc", &cxx_flags()), FROM_CXX);
}

/// Compiles and links the C++ side module with an SDK, as the extension stage does.
fn side_module(sdk: &Sdk, folder: &Path) -> Vec<u8> {
    let (object, module) = (folder.join("side.o"), folder.join("side.so"));
    let mut compile = sdk.clang_cxx().command();
    compile
        .args(["-O2", "-fPIC", "-fno-exceptions", "-c"])
        .arg(program("side.cc"));
    succeed(compile.arg("-o").arg(&object));
    let mut link = sdk.wasm_ld().command();
    link.args(["-shared", "--experimental-pic", "--unresolved-symbols=import-dynamic"]);
    link.arg(format!("-L{}", TOOLCHAIN.libcxx(false).display()));
    link.arg(&object).args(["-lc++", "-lc++abi", "-o"]).arg(&module);
    let output = link.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(module).unwrap()
}

#[test]
fn a_side_module_keeps_libcxx_to_itself() {
    let sdk = Sdk::open(&TOOLCHAIN.sdk()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let module = Module::new(&Engine::default(), side_module(&sdk, folder.path())).unwrap();
    let exports: Vec<&str> = module.exports().map(|export| export.name()).collect();
    let own = |name: &&str| !name.starts_with("__");
    assert_eq!(exports.into_iter().filter(own).collect::<Vec<_>>(), ["total_length"]);
    let imports: Vec<&str> = module.imports().map(|import| import.name()).collect();
    assert!(imports.contains(&"malloc"), "{imports:?}");
    assert!(!imports.iter().any(|name| name.starts_with("_Z")), "{imports:?}");
}

/// What is linked by hand and what the stage `extension` links: the same archives.
#[test]
fn the_folder_has_the_libraries_and_nothing_else() {
    let all = ["libc++.a", "libc++abi.a", "libunwind.a"];
    for (exceptions, libraries) in [(false, &all[..2]), (true, &all[..])] {
        let files = std::fs::read_dir(TOOLCHAIN.libcxx(exceptions)).unwrap();
        let mut names: Vec<_> = files.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, libraries);
    }
}

#[test]
fn headers_of_another_version_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let sdk = folder.path().join("sdk");
    let made = TOOLCHAIN.sdk();
    for path in ["bin", "lib", "libexec"] {
        link(&made.join(path), &sdk.join(path));
    }
    let (from, to) = (made.join("share/wasi-sysroot"), sdk.join("share/wasi-sysroot"));
    link(&from.join("lib"), &to.join("lib"));
    for target in Target::ALL {
        link(
            &from.join("include").join(target.name()),
            &to.join("include").join(target.name()),
        );
    }
    std::fs::create_dir_all(to.join("include/c++/v1")).unwrap();
    std::fs::write(to.join("include/c++/v1/__config"), "#  define _LIBCPP_VERSION 150000\n").unwrap();
    let stage = ampoule_libcxx::MakeLibcxx {
        sdk,
        archives: vec![TOOLCHAIN.archive("clang")],
        exceptions: false,
        output: folder.path().join("libcxx"),
    };
    let error = ampoule_action::run(&stage, None, &Console::quiet())
        .unwrap_err()
        .to_string();
    assert!(error.contains("are not those of its sources"), "{error}");
}

fn link(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(from, to).unwrap();
}

//! The stage with a small interpreter in the text format: the split run, its proof, and what is written.

use ampoule_action::{Console, run};
use ampoule_layout::ModuleArgument;
use ampoule_link::{Input, Options, Roots, Wasi, link};
use ampoule_settings::{AppSettings, SnapshotSettings};
use ampoule_snapshot::Snapshot;
use std::path::{Path, PathBuf};
use wasmparser::{DataKind, Operator, Parser, Payload};

/// Stands in for the interpreter: `ampoule_execute` calls the registered extension and stores what it gives.
const BASE: &str = include_str!("base.wat");

/// Stands in for an extension module: data, a constructor, relocations, and a function of the base by its address.
const EXTENSION: &str = include_str!("extension.wat");

/// Where the base keeps what it learns; see `base.wat`.
const RESULTS: usize = 66_000;

struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    fn new() -> Case {
        let folder = tempfile::tempdir().unwrap();
        let case = Case { folder };
        let base = wat::parse_str(BASE).unwrap();
        let extension = wat::parse_str(EXTENSION).unwrap();
        let input = Input {
            name: "extension",
            image_path: Some("/app/extension.so"),
            bytes: &extension,
        };
        let link = |roots| {
            let wasi = Wasi::Host;
            link(&base, &[input], Options { wasi, roots }).unwrap()
        };
        let linked = link(Roots::Component);
        case.write("linked.wasm", &linked.module);
        case.write("fused.wasm", &link(Roots::Build).module);
        case.write("layout.json", &serde_json::to_vec(&linked.layout).unwrap());
        case.write("base.cwasm", &ampoule_host::precompile(&base).unwrap());
        case.write("extension.so", &extension);
        case.write("stdlib/os.py", b"");
        case.write("image/bindings/wit_world/__init__.py", b"");
        case.write("image/app/app.py", b"");
        case.write("image/search-path", b"/bindings\n/app\n");
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: &[u8]) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    fn stage(&self, app: &str) -> Snapshot {
        Snapshot {
            linked: self.path("linked.wasm"),
            layout: self.path("layout.json"),
            precompiled: self.path("base.cwasm"),
            modules: vec![ModuleArgument {
                name: "extension".to_owned(),
                file: self.path("extension.so"),
                image_path: Some("/app/extension.so".to_owned()),
            }],
            extensions: None,
            precompiled_modules: Vec::new(),
            stdlib_folder: self.path("stdlib"),
            image: self.path("image"),
            app: AppSettings { app: app.to_owned() },
            settings: SnapshotSettings::default(),
            fused: Some(self.path("fused.wasm")),
            output: self.path("snapshot.wasm"),
        }
    }

    fn run(&self, stage: &Snapshot) -> Result<Vec<u8>, String> {
        run(stage, None, &Console::quiet()).map_err(|error| ampoule_action::sentence(&error))?;
        Ok(std::fs::read(&stage.output).unwrap())
    }
}

/// The memory with which an instance of the module begins.
fn memory(module: &[u8]) -> Vec<u8> {
    let mut memory = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.unwrap() {
            Payload::MemorySection(section) => {
                let memory_type = section.into_iter().next().unwrap().unwrap();
                memory.resize(memory_type.initial as usize * 65_536, 0);
            }
            Payload::DataSection(section) => {
                for segment in section {
                    let segment = segment.unwrap();
                    let DataKind::Active { offset_expr, .. } = segment.kind else {
                        panic!("a snapshot has active segments only");
                    };
                    let Operator::I32Const { value } = offset_expr.get_operators_reader().read().unwrap() else {
                        panic!("a snapshot's offsets are constants");
                    };
                    let start = value as usize;
                    memory[start..start + segment.data.len()].copy_from_slice(segment.data);
                }
            }
            _ => {}
        }
    }
    memory
}

fn export_names(module: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ExportSection(section) = payload.unwrap() {
            names.extend(section.into_iter().map(|export| export.unwrap().name.to_owned()));
        }
    }
    names
}

fn number(memory: &[u8], address: usize) -> u32 {
    u32::from_le_bytes(memory[address..address + 4].try_into().unwrap())
}

#[test]
fn the_state_after_the_import_is_in_the_snapshot() {
    let case = Case::new();
    let snapshot = case.run(&case.stage("app")).unwrap();
    wasmparser::validate(&snapshot).unwrap();
    let memory = memory(&snapshot);
    // The extension's initialiser gives what its constructor stored (41), relocated (1), through the base's `add`.
    assert_eq!(number(&memory, RESULTS), 42);
    // The base called the extension through the table, and the extension knows the slot of the base's own function.
    assert_eq!(number(&memory, RESULTS + 4), 1);
    assert_eq!(number(&memory, RESULTS + 8), 7, "ampoule_finish ran");
    assert!(memory[..65_536].iter().all(|byte| *byte == 0), "the dead stack is zero");
    assert_eq!(export_names(&snapshot), ["memory", "cabi_realloc", "example:world/run"]);
}

#[test]
fn the_same_inputs_give_the_same_bytes_wherever_they_are() {
    let (one, other) = (Case::new(), Case::new());
    assert_eq!(one.run(&one.stage("app")), other.run(&other.stage("app")));
}

#[test]
fn random_numbers_depend_on_the_app() {
    let case = Case::new();
    let random = |snapshot: &[u8]| memory(snapshot)[RESULTS + 16..RESULTS + 24].to_vec();
    let before = random(&case.run(&case.stage("app")).unwrap());
    case.write("image/app/app.py", b"changed");
    let after = random(&case.run(&case.stage("app")).unwrap());
    assert_ne!(before, after);
}

#[test]
fn precompiled_side_modules_change_nothing() {
    let case = Case::new();
    let plain = case.run(&case.stage("app")).unwrap();
    let extension = std::fs::read(case.path("extension.so")).unwrap();
    let digest = ampoule_action::Digest::of_bytes(&extension).hexadecimal();
    case.write(
        &format!("precompiled/{digest}.cwasm"),
        &ampoule_host::precompile(&extension).unwrap(),
    );
    let mut stage = case.stage("app");
    // Of several folders, the one that has it.
    stage.precompiled_modules = vec![case.path("stdlib"), case.path("precompiled")];
    assert_eq!(case.run(&stage).unwrap(), plain);
}

#[test]
fn a_failing_app_gives_its_sentence_and_no_snapshot() {
    let case = Case::new();
    let message = case.run(&case.stage("fails")).unwrap_err();
    assert!(message.contains("the app fails"), "{message}");
    assert!(!case.path("snapshot.wasm").exists());
}

#[test]
fn an_app_that_exits_is_told_so() {
    let case = Case::new();
    let message = case.run(&case.stage("quits")).unwrap_err();
    assert!(
        message.contains("the app `quits` ended the interpreter (exit status 1)"),
        "{message}"
    );
}

#[test]
fn modules_must_be_those_of_the_layout() {
    let case = Case::new();
    let mut stage = case.stage("app");
    stage.modules.clear();
    let message = case.run(&stage).unwrap_err();
    assert!(message.contains("the layout has extension"), "{message}");
}

#[test]
fn a_missing_file_is_named() {
    let case = Case::new();
    let mut stage = case.stage("app");
    stage.linked = Path::new("nowhere/linked.wasm").to_owned();
    let message = case.run(&stage).unwrap_err();
    assert!(message.contains("nowhere/linked.wasm"), "{message}");
}

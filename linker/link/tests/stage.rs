//! The stage as the driver runs it: files in, files out.

use ampoule_action::{Console, Record, run};
use ampoule_layout::Layout;
use ampoule_link::{Link, Report};
use ampoule_settings::LinkSettings;
use std::path::Path;

const BASE: &str = r#"(module (memory (export "memory") 1) (table 1 funcref) (func (export "ampoule_go")))"#;
const SIDE: &str = r#"(module (@dylink.0 (mem-info (memory 4 2) (table 0 0))) (func (export "PyInit_side") (result i32) (i32.const 0)))"#;

fn link(folder: &Path, modules: &[&str]) -> Result<Record, String> {
    let stage = Link {
        base: folder.join("base.wasm"),
        modules: modules.iter().map(|module| module.parse().unwrap()).collect(),
        extensions: Some(folder.join("extensions")).filter(|folder| folder.exists()),
        settings: LinkSettings::default(),
        keep_build: false,
        output: folder.join("out/linked.wasm"),
        layout: folder.join("out/layout.json"),
        report: folder.join("out/report.json"),
    };
    run(&stage, None, &Console::quiet()).map_err(|error| error.to_string())
}

/// A folder with a base and a side module, and the side module's path.
fn folder() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("base.wasm"), wat::parse_str(BASE).unwrap()).unwrap();
    let side = folder.path().join("side.so");
    std::fs::write(&side, wat::parse_str(SIDE).unwrap()).unwrap();
    let side = side.display().to_string();
    (folder, side)
}

#[test]
fn the_files_of_a_folder_of_extensions_are_modules_at_their_paths() {
    let (folder, side) = folder();
    for name in ["b/two.so", "a/one.so"] {
        let file = folder.path().join("extensions/app").join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::copy(&side, file).unwrap();
    }
    link(folder.path(), &[]).unwrap();
    let layout = std::fs::read(folder.path().join("out/layout.json")).unwrap();
    let layout: Layout = serde_json::from_slice(&layout).unwrap();
    let paths: Vec<_> = layout
        .initializers
        .iter()
        .map(|initializer| initializer.path.as_str())
        .collect();
    assert_eq!(
        paths,
        ["/app/a/one.so", "/app/b/two.so"],
        "two packages may have a module of one name"
    );
}

#[test]
fn the_outputs_are_written_and_the_same_from_another_folder() {
    let records = [folder(), folder()].map(|(folder, side)| {
        let record = link(folder.path(), &[&format!("side={side}@/app/side.so")]).unwrap();
        let layout = std::fs::read(folder.path().join("out/layout.json")).unwrap();
        let layout: Layout = serde_json::from_slice(&layout).unwrap();
        assert_eq!(layout.initializers[0].path, "/app/side.so");
        let report = std::fs::read(folder.path().join("out/report.json")).unwrap();
        let report: Report = serde_json::from_slice(&report).unwrap();
        assert!(report.to_string().contains("side"));
        record
    });
    assert_eq!(records[0], records[1]);
}

#[test]
fn the_place_in_the_image_and_the_order_are_part_of_the_key() {
    let (folder, side) = folder();
    let key = |modules: &[&str]| link(folder.path(), modules).unwrap().key();
    let (a, b) = (format!("a={side}"), format!("b={side}"));
    assert_ne!(key(&[&a, &b]), key(&[&b, &a]));
    assert_ne!(key(&[&a]), key(&[&format!("a={side}@/app/a.so")]));
}

#[test]
fn errors_name_the_module_and_leave_no_output() {
    let (folder, side) = folder();
    let error = link(folder.path(), &[&format!("a={side}"), &format!("a={side}")]).unwrap_err();
    assert_eq!(error, "two modules are called a: give each its own name");
    let truncated = folder.path().join("truncated.so");
    std::fs::write(&truncated, &wat::parse_str(SIDE).unwrap()[..40]).unwrap();
    let error = link(folder.path(), &[&format!("broken={}", truncated.display())]).unwrap_err();
    assert!(error.starts_with("broken is not a well-formed core module"), "{error}");
    let text = folder.path().join("text.so");
    std::fs::write(&text, "no module").unwrap();
    let error = link(folder.path(), &[&format!("text={}", text.display())]).unwrap_err();
    assert!(error.starts_with("text is not a well-formed core module"), "{error}");
    assert!(
        link(folder.path(), &["absent=absent.so"])
            .unwrap_err()
            .contains("absent.so")
    );
    assert!(!folder.path().join("out/linked.wasm").exists());
}

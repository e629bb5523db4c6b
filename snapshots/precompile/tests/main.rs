//! The stage: a file by the name under which a snapshot looks for it.

use ampoule_action::{Console, Digest, run, sentence};
use ampoule_precompile::{Precompile, file_name};
use std::path::Path;

fn precompiled(folder: &Path, module: &[u8]) -> Result<(), String> {
    let file = folder.join("module.so");
    std::fs::write(&file, module).unwrap();
    let stage = Precompile {
        module: file,
        output: folder.join("precompiled"),
    };
    run(&stage, None, &Console::quiet())
        .map(drop)
        .map_err(|error| sentence(&error))
}

#[test]
fn the_code_has_the_name_of_its_module() {
    let folder = tempfile::tempdir().unwrap();
    let module = wat::parse_str("(module (func (export \"f\") (result i32) i32.const 1))").unwrap();
    precompiled(folder.path(), &module).unwrap();
    let name = file_name(Digest::of_bytes(&module));
    ampoule_host::load_precompiled(&folder.path().join("precompiled").join(name)).unwrap();
    let files = std::fs::read_dir(folder.path().join("precompiled")).unwrap();
    assert_eq!(files.count(), 1);
}

#[test]
fn what_is_no_module_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let message = precompiled(folder.path(), b"\x7fELF").unwrap_err();
    assert!(
        message.contains("module.so: the module cannot be compiled: "),
        "{message}"
    );
    assert!(!folder.path().join("precompiled").exists());
}

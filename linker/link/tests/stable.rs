//! What of the base is in its place whatever is linked with it, so that hosts find its functions compiled already.

use ampoule_link::{Input, Options, link};
use std::path::Path;
use wasmparser::{Parser, Payload};

const BASE: &str = r#"(module
    (import "wasi:io/poll@0.2.0" "[resource-drop]pollable" (func $drop (param i32)))
    (memory (export "memory") 1)
    (table 1 funcref)
    (global (export "__stack_pointer") (mut i32) (i32.const 65536))
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (call $drop (local.get 0)) (i32.const 0))
    (func (export "wit_dylib_push_u32") (param i32 i32)))"#;

/// What compiled code of the base has in it.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    types: Vec<String>,
    imports: usize,
    tables: Vec<String>,
    globals: Vec<String>,
}

fn seen(module: &[u8]) -> Seen {
    let mut seen = Seen::default();
    for payload in Parser::new(0).parse_all(module) {
        match payload.unwrap() {
            Payload::TypeSection(section) => {
                let types = section.into_iter_err_on_gc_types();
                seen.types = types.map(|own| format!("{:?}", own.unwrap())).collect();
            }
            Payload::ImportSection(section) => seen.imports = section.into_imports().count(),
            Payload::TableSection(section) => {
                seen.tables = section
                    .into_iter()
                    .map(|own| format!("{:?}", own.unwrap().ty))
                    .collect();
            }
            Payload::GlobalSection(section) => {
                seen.globals = section
                    .into_iter()
                    .map(|own| format!("{:?}", own.unwrap().ty))
                    .collect();
            }
            _ => {}
        }
    }
    seen
}

fn source(name: &str) -> Vec<u8> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    wat::parse_file(cases.join(name)).unwrap()
}

#[test]
fn the_base_keeps_its_places() {
    let base = wat::parse_str(BASE).unwrap();
    let sides = [source("world/world.wat"), source("features/cxx.wat")];
    let link = |sides: &[&Vec<u8>]| {
        let names = ["one", "two"];
        let input = |(bytes, name)| Input {
            name,
            image_path: None,
            bytes,
        };
        let inputs: Vec<Input<'_>> = sides
            .iter()
            .map(|bytes| bytes.as_slice())
            .zip(names)
            .map(input)
            .collect();
        seen(&link(&base, &inputs, Options::default()).unwrap().module)
    };
    let alone = link(&[]);
    for sides in [vec![&sides[0]], vec![&sides[1]], vec![&sides[0], &sides[1]]] {
        let with = link(&sides);
        assert_eq!(with.types[..alone.types.len()], alone.types);
        assert_eq!(with.globals[..alone.globals.len()], alone.globals[..]);
        assert_eq!((with.imports, &with.tables), (alone.imports, &alone.tables));
    }
    assert_eq!(alone.imports, 80);
}

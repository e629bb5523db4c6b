//! What a side module imports of WASI by itself, as Rust's standard library does: bound to functions of the interpreter, whatever the
//! version of 0.2, so that it is what Python has, in the build's host and where WASI is virtual, too.

use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder};
use wasm_encoder::{ImportSection, Module, RawSection};
use wasmparser::{ImportSectionReader, Parser, Payload};

/// The interpreter's functions for them, by interface: the guest's `wasi/bound.c`.
const BOUND: [(&str, &[&str]); 6] = [
    (
        "wasi:cli/environment",
        &["get-arguments", "get-environment", "initial-cwd"],
    ),
    ("wasi:clocks/monotonic-clock", &["now", "resolution"]),
    ("wasi:clocks/wall-clock", &["now", "resolution"]),
    (
        "wasi:random/insecure",
        &["get-insecure-random-bytes", "get-insecure-random-u64"],
    ),
    ("wasi:random/insecure-seed", &["insecure-seed"]),
    ("wasi:random/random", &["get-random-bytes", "get-random-u64"]),
];

/// The versions of WASI that have these interfaces with these types.
const VERSION: &str = "0.2.";

/// The module of what side modules import from each other and from the interpreter (tool-conventions, "WebAssembly Dynamic Linking").
const SHARED: &str = "env";

/// What sections are called that say which worlds a module is for: those of Rust's crates are no world of the component.
const COMPONENT_TYPES: &str = "component-type";

/// Binds what a side module imports; gives the module as it is then, without sections for worlds.
///
/// # Errors
/// When it is not well-formed.
pub(crate) fn bind(module: &[u8]) -> Result<Vec<u8>, Error> {
    let mut bound = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        match &payload {
            Payload::ImportSection(section) => {
                bound.section(&imports(section.clone())?);
            }
            Payload::CustomSection(section) if section.name().starts_with(COMPONENT_TYPES) => {}
            _ => {
                if let Some((id, range)) = payload.as_section() {
                    let data = &module[range.start as usize..range.end as usize];
                    bound.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok(bound.finish())
}

fn imports(section: ImportSectionReader<'_>) -> Result<ImportSection, Error> {
    let mut imports = ImportSection::new();
    for import in section.into_imports() {
        let import = import?;
        let kind = RoundtripReencoder.entity_type(import.ty)?;
        match bound_name(import.module, import.name) {
            Some(name) => imports.import(SHARED, &name, kind),
            None => imports.import(import.module, import.name, kind),
        };
    }
    Ok(imports)
}

/// The name of the interpreter's function for one of WASI; none if it has none.
fn bound_name(module: &str, function: &str) -> Option<String> {
    let (interface, version) = module.split_once('@')?;
    let known = BOUND.iter().find(|(known, _)| *known == interface);
    let is_bound = version.starts_with(VERSION) && known.is_some_and(|(_, functions)| functions.contains(&function));
    is_bound.then(|| format!("bound {interface} {function}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ampoule_module::CoreModule;

    #[test]
    fn imports_of_any_version_are_bound_and_others_stay() {
        let module = wat::parse_str(
            r#"(module
                (@dylink.0 (mem-info (memory 4 2) (table 0 0)))
                (import "env" "memory" (memory 0))
                (import "wasi:random/random@0.2.9" "get-random-u64" (func (result i64)))
                (import "wasi:random/random@0.3.0" "get-random-u64" (func (result i64)))
                (import "wasi:clocks/monotonic-clock@0.2.4" "now" (func (result i64)))
                (import "wasi:clocks/monotonic-clock@0.2.4" "subscribe-duration" (func (param i64) (result i32)))
                (func (export "run") (result i64) (call 0))
                (@custom "component-type:wit-bindgen" "not a world"))"#,
        )
        .unwrap();
        let bound = bind(&module).unwrap();
        wasmparser::validate(&bound).unwrap();
        let read = CoreModule::read(&bound).unwrap();
        let found: Vec<(&str, &str)> = read.imports.iter().map(|import| (import.module, import.name)).collect();
        assert_eq!(
            found,
            [
                ("env", "memory"),
                ("env", "bound wasi:random/random get-random-u64"),
                ("wasi:random/random@0.3.0", "get-random-u64"),
                ("env", "bound wasi:clocks/monotonic-clock now"),
                ("wasi:clocks/monotonic-clock@0.2.4", "subscribe-duration"),
            ]
        );
        let text = wasmprinter::print_bytes(&bound).unwrap();
        assert!(text.contains("dylink.0") && !text.contains("component-type"), "{text}");
    }

    #[test]
    fn the_guest_has_each_function() {
        let guest = ampoule_guest::RUNTIME.get_file("wasi/bound.c").unwrap();
        let text = guest.contents_utf8().unwrap();
        for (interface, functions) in BOUND {
            let interface = interface.strip_prefix("wasi:").unwrap();
            for function in functions {
                let defined = format!("BOUND(\"{interface}\", \"{function}\")");
                assert!(text.contains(&defined), "{defined}");
            }
        }
    }
}

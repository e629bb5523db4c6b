//! Small modules through the encoder.

use ampoule_component::{Producer, encode};
use wasmparser::{ComponentAlias, Payload};
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

const WIT: &str = "package test:small; world small { export double: func(number: u32) -> u32; }";
const PRODUCERS: [Producer<'static>; 1] = [Producer {
    field: "processed-by",
    name: "ampoule",
    version: "1.2.3",
}];

fn module(text: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let package = resolve.push_str("small.wit", WIT).unwrap();
    let world = resolve.select_world(&[package], Some("small")).unwrap();
    let mut module = wat::parse_str(text).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).unwrap();
    module
}

#[test]
fn a_module_becomes_a_component_that_names_its_producers() {
    let text = r#"(module (func (export "double") (param i32) (result i32) (i32.add (local.get 0) (local.get 0))))"#;
    let component = encode(&module(text), &PRODUCERS).unwrap();
    assert!(wasmparser::Parser::is_component(&component));
    let producers = wasm_metadata::Producers::from_wasm(&component).unwrap().unwrap();
    assert_eq!(
        producers
            .get("processed-by")
            .unwrap()
            .get("ampoule")
            .map(String::as_str),
        Some("1.2.3")
    );
    assert_eq!(encode(&module(text), &PRODUCERS).unwrap(), component);
    assert_eq!(
        custom_sections(&component),
        ["producers", "producers"],
        "of the module and of the component"
    );
}

/// What the host calls is an export of a module without code, which imports it from the large one.
#[test]
fn exports_are_those_of_a_small_module() {
    let text = r#"(module (func (export "double") (param i32) (result i32) (i32.add (local.get 0) (local.get 0))))"#;
    let component = encode(&module(text), &PRODUCERS).unwrap();
    let (mut bodies, mut imports, mut lifted_from) = (Vec::new(), Vec::new(), Vec::new());
    for payload in wasmparser::Parser::new(0).parse_all(&component) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } => bodies.push(0),
            Payload::CodeSectionStart { count, .. } => *bodies.last_mut().unwrap() += count,
            Payload::ImportSection(section) => {
                imports.extend(section.into_imports().map(|import| import.unwrap().name))
            }
            Payload::ComponentAliasSection(section) => {
                lifted_from.extend(section.into_iter().filter_map(|alias| match alias.unwrap() {
                    ComponentAlias::CoreInstanceExport {
                        instance_index,
                        name: "double",
                        ..
                    } => Some(instance_index),
                    _ => None,
                }));
            }
            _ => {}
        }
    }
    assert_eq!(bodies, [1, 0]);
    assert_eq!(imports, ["double"]);
    assert_eq!(lifted_from, [1]);
}

#[test]
fn a_module_without_the_export_of_its_world_is_refused_by_name() {
    let error = encode(&module("(module)"), &PRODUCERS).unwrap_err().to_string();
    assert!(error.contains("double"), "{error}");
}

fn custom_sections(component: &[u8]) -> Vec<String> {
    let payloads = wasmparser::Parser::new(0).parse_all(component);
    payloads
        .filter_map(|payload| match payload.unwrap() {
            wasmparser::Payload::CustomSection(section) => Some(section.name().to_string()),
            _ => None,
        })
        .collect()
}

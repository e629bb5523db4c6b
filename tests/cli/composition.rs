//! Two components in one, for tests whose imports no host has.

use wasm_encoder::{
    Alias, Component, ComponentAliasSection, ComponentExportKind, ComponentExportSection, ComponentInstanceSection,
    ComponentSectionId, RawSection,
};

/// A component of which the outer part has this interface from the inner one, and all else from the host, of which both import the same.
/// It exports these things of the outer part.
pub fn compose(inner: &[u8], outer: &[u8], interface: &str, exports: &[(&str, ComponentExportKind)]) -> Vec<u8> {
    let mut composed = Component::new();
    let mut imports = Vec::new();
    for (id, data) in sections(inner).take_while(|&(id, _)| id != ComponentSectionId::CoreModule as u8) {
        composed.section(&RawSection { id, data });
        if id == ComponentSectionId::Import as u8 {
            imports.push(imported_instance(data));
        }
    }
    for data in [inner, outer] {
        let id = ComponentSectionId::Component as u8;
        composed.section(&RawSection { id, data });
    }

    let instance = ComponentExportKind::Instance;
    let names = imports
        .iter()
        .zip(0_u32..)
        .map(|(&name, index)| (name, instance, index));
    let mut arguments: Vec<_> = names.collect();
    let [inner, has_interface, outer] = [0, 1, 2].map(|more| imports.len() as u32 + more);
    composed.section(ComponentInstanceSection::new().instantiate(0, arguments.clone()));
    composed.section(&alias(inner, interface, instance));
    arguments.push((interface, instance, has_interface));
    composed.section(ComponentInstanceSection::new().instantiate(1, arguments));
    let [mut functions, mut instances] = [0, outer + 1];
    for &(name, kind) in exports {
        composed.section(&alias(outer, name, kind));
        let next = if kind == instance {
            &mut instances
        } else {
            &mut functions
        };
        composed.section(ComponentExportSection::new().export(name, kind, *next, None));
        // The export is a thing of its own, too.
        *next += 2;
    }
    composed.finish()
}

fn alias(instance: u32, name: &str, kind: ComponentExportKind) -> ComponentAliasSection {
    let mut section = ComponentAliasSection::new();
    section.alias(Alias::InstanceExport { instance, kind, name });
    section
}

/// The sections of a component: their ids and what is in them.
fn sections(component: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = &component[8..];
    std::iter::from_fn(move || {
        let (&id, after) = rest.split_first()?;
        let (length, start) = number(after);
        let (data, after) = after[start..].split_at(length);
        rest = after;
        Some((id, data))
    })
}

/// A number in LEB128, and how many bytes it takes.
fn number(bytes: &[u8]) -> (usize, usize) {
    let length = 1 + bytes.iter().take_while(|&&byte| byte >= 0x80).count();
    let digits = bytes[..length].iter().rev();
    (
        digits.fold(0, |number, &byte| number << 7 | usize::from(byte & 0x7f)),
        length,
    )
}

/// The name of the one instance that a section imports.
fn imported_instance(section: &[u8]) -> &str {
    let [1, 0, rest @ ..] = section else {
        panic!("it has one import with a plain name: {section:?}");
    };
    let (length, start) = number(rest);
    assert_eq!(rest[start + length], 5, "it is an instance");
    std::str::from_utf8(&rest[start..start + length]).expect("names are text")
}

//! What a module in Rust imports from the host, and which of its crates does.

use crate::Error;
use ampoule_action::read;
use ampoule_module::CoreModule;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use wasmparser::{KnownCustom, Linking, Parser, Payload, SymbolInfo, TypeRef};

/// Checks that a module imports from the interpreter only; the library that it was linked from tells whose the other imports are.
pub(crate) fn check(name: &str, module: &[u8], library: &Path) -> Result<(), Error> {
    let read_module = CoreModule::read(module).map_err(|error| Error::Unreadable(error.into()))?;
    let is_shared = |import: &str| import == "env" || import.starts_with("GOT.");
    let imports: BTreeSet<(&str, &str)> = read_module
        .imports
        .iter()
        .map(|import| (import.module, import.name))
        .filter(|(module, _)| !is_shared(module))
        .collect();
    if imports.is_empty() {
        return Ok(());
    }
    let owners = owners(&read(library)?);
    let described = imports.into_iter().map(|(module, function)| {
        let import = format!("{module} {function}");
        match owners.get(&import) {
            Some(owner) => format!("{import}, by the crate {owner}"),
            None => import,
        }
    });
    Err(Error::Imports {
        module: name.to_string(),
        imports: described.collect(),
    })
}

/// The crates that import functions, by module and function: the symbols' mangled names tell them.
fn owners(library: &[u8]) -> BTreeMap<String, String> {
    let mut owners = BTreeMap::new();
    let mut archive = ar::Archive::new(library);
    while let Some(Ok(mut entry)) = archive.next_entry() {
        let mut object = Vec::new();
        if std::io::Read::read_to_end(&mut entry, &mut object).is_ok() {
            owners.extend(owners_in(&object).unwrap_or_default());
        }
    }
    owners
}

fn owners_in(object: &[u8]) -> Result<BTreeMap<String, String>, wasmparser::Error> {
    let (mut imports, mut owners) = (Vec::new(), BTreeMap::new());
    for payload in Parser::new(0).parse_all(object) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    if let TypeRef::Func(_) = import.ty {
                        imports.push(format!("{} {}", import.module, import.name));
                    }
                }
            }
            Payload::CustomSection(section) => {
                let KnownCustom::Linking(linking) = section.as_known() else {
                    continue;
                };
                for part in linking.subsections() {
                    let Linking::SymbolTable(symbols) = part? else { continue };
                    for symbol in symbols {
                        if let SymbolInfo::Func {
                            index,
                            name: Some(name),
                            ..
                        } = symbol?
                            && let Some(import) = imports.get(index as usize)
                        {
                            owners.insert(import.clone(), owner(name));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    Ok(owners)
}

/// The crate of a symbol: the first part of its path.
fn owner(symbol: &str) -> String {
    let path = format!("{:#}", rustc_demangle::demangle(symbol));
    let path = path.trim_start_matches('<');
    path.split("::").next().unwrap_or(path).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_names_its_crate() {
        assert_eq!(
            owner("_ZN6wasip27imports4wasi6random3get17h0123456789abcdefE"),
            "wasip2"
        );
        assert_eq!(owner("_RNvNtCs1234_7mycrate3foo3bar"), "mycrate");
        assert_eq!(owner("plain"), "plain");
    }
}

//! Imports without which a module can be linked: they are weak ones in its section `dylink.0`.

use std::collections::BTreeSet;
use wasm_encoder::{CustomSection, Encode, Section};
use wasmparser::{KnownCustom, Parser, Payload, SymbolFlags};

/// The subsection with the flags of imports (tool-conventions, "WebAssembly Dynamic Linking", `WASM_DYLINK_IMPORT_INFO`).
const IMPORT_INFO: u8 = 4;

/// The length of a module's header, after which the section `dylink.0` comes first.
const HEADER: usize = 8;

/// Makes the imports of these interfaces weak.
///
/// # Errors
/// When the module is not well-formed.
pub(crate) fn with_weak_imports(module: &[u8], interfaces: &BTreeSet<String>) -> anyhow::Result<Vec<u8>> {
    let mut weak = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(imports) = payload? {
            for import in imports.into_imports() {
                let import = import?;
                if interfaces.contains(import.module) {
                    weak.push((import.module, import.name));
                }
            }
        }
    }
    if weak.is_empty() {
        return Ok(module.to_vec());
    }
    with_import_info(module, &weak)
}

fn with_import_info(module: &[u8], weak: &[(&str, &str)]) -> anyhow::Result<Vec<u8>> {
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CustomSection(section) = payload?
            && matches!(section.as_known(), KnownCustom::Dylink0(_))
        {
            let mut data = section.data().to_vec();
            data.push(IMPORT_INFO);
            import_info(weak).encode(&mut data);
            let section_with = CustomSection {
                name: section.name().into(),
                data: data.into(),
            };
            let mut rewritten = module[..HEADER].to_vec();
            section_with.append_to(&mut rewritten);
            rewritten.extend(&module[usize::try_from(section.range().end)?..]);
            return Ok(rewritten);
        }
    }
    anyhow::bail!("it has no section dylink.0")
}

fn import_info(weak: &[(&str, &str)]) -> Vec<u8> {
    let mut info = Vec::new();
    weak.len().encode(&mut info);
    for (module, name) in weak {
        module.encode(&mut info);
        name.encode(&mut info);
        SymbolFlags::BINDING_WEAK.bits().encode(&mut info);
    }
    info
}

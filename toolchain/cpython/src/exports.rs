//! The names of the C library that a base exports, and the proof that they suffice for all modules.

use crate::Error;
use crate::manifest::Manifest;
use crate::tools::Tools;
use ampoule_action::{FileError, read, write};
use ampoule_module::CoreModule;
use ampoule_sdk::{Sdk, Target};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What a side module gets from whoever links it, not from the base's exports.
const GIVEN: [&str; 5] = [
    "memory",
    "__indirect_function_table",
    "__memory_base",
    "__table_base",
    "__stack_pointer",
];

/// The public names of the C library and all names of the compiler's runtime library.
pub fn library_names(manifest: &Manifest, sdk: &Sdk) -> Result<BTreeSet<String>, Error> {
    let folder = sdk.library_folder(Target::Wasip2);
    let mut names = archive_names(&sdk.builtins(Target::Wasip2))?;
    // The guest gives the functions of libdl itself.
    for library in manifest.link.libraries.iter().filter(|library| *library != "dl") {
        let found = archive_names(&folder.join(format!("lib{library}.a")))?;
        names.extend(found.into_iter().filter(|name| !name.starts_with('_')));
    }
    names.extend(manifest.link.exported.iter().cloned());
    for name in &manifest.link.unexported {
        names.remove(name);
    }
    Ok(names)
}

/// The names that an archive's index has.
fn archive_names(path: &Path) -> Result<BTreeSet<String>, Error> {
    let file = std::fs::File::open(path).map_err(FileError::reading(path))?;
    let mut archive = ar::Archive::new(file);
    let symbols = archive.symbols().map_err(FileError::reading(path))?;
    Ok(symbols
        .map(|symbol| String::from_utf8_lossy(symbol).into_owned())
        .collect())
}

/// Links the core as a base would be, and checks that each import of each side module is among its exports.
pub fn check(
    manifest: &Manifest,
    tools: &Tools,
    work: &Path,
    core: &Path,
    names: &BTreeSet<String>,
    side_modules: &BTreeMap<String, PathBuf>,
) -> Result<(), Error> {
    let mut inputs: Vec<String> = ["--no-entry", "--export-dynamic", "--whole-archive"]
        .map(str::to_owned)
        .into();
    inputs.extend([core.display().to_string(), "--no-whole-archive".to_owned()]);
    // Only names go into the response file, whose words end at spaces: paths may have some.
    let response = "objects/base.response";
    let exported: Vec<String> = names.iter().map(|name| format!("--export={name}")).collect();
    write(&work.join(response), exported.join("\n"))?;
    inputs.push(format!("@{response}"));
    let base = "objects/base.wasm";
    tools.link_static("crt1-reactor.o", &inputs, &manifest.link, base)?;
    let exports = module_names(&work.join(base))?.exports;
    let mut missing: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (module, file) in side_modules {
        let own = module_names(file)?;
        for name in own.imports {
            if !exports.contains(&name) && !own.exports.contains(&name) && !GIVEN.contains(&name.as_str()) {
                missing.entry(name).or_default().push(module);
            }
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let lines = missing
        .iter()
        .map(|(name, modules)| format!("  {name} (by {})", modules.join(", ")));
    Err(Error::Unresolved {
        list: lines.collect::<Vec<_>>().join("\n"),
    })
}

/// The names at a module's border.
struct Names {
    imports: BTreeSet<String>,
    exports: BTreeSet<String>,
}

fn module_names(path: &Path) -> Result<Names, Error> {
    let bytes = read(path)?;
    let module = CoreModule::read(&bytes).map_err(|source| Error::Module {
        path: path.to_path_buf(),
        source,
    })?;
    Ok(Names {
        imports: module.imports.iter().map(|import| import.name.to_owned()).collect(),
        exports: module.exports.iter().map(|export| export.name.to_owned()).collect(),
    })
}

//! The files to compile, each with its flags, as the manifest gives them.

use crate::manifest::{Group, Library, Manifest, Module};
use std::collections::{BTreeMap, BTreeSet};

/// A file to compile. Paths are relative to the work folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// The file in C.
    pub source: String,
    /// What it is compiled to.
    pub object: String,
    /// The flags, but for those that the SDK gives.
    pub flags: Vec<String>,
}

/// The files of the core that need no frozen module.
pub fn core(manifest: &Manifest) -> Vec<Unit> {
    let groups = manifest.core.iter().filter(|group| !group.late);
    let mut units: Vec<Unit> = groups.flat_map(|group| group_units(manifest, group)).collect();
    for module in manifest.builtin.values() {
        units.extend(module_units(manifest, module, "core", &manifest.compile.builtin));
    }
    units.push(core_unit(manifest, "generated/config.c", "size"));
    units
}

/// The files of the core that include the headers of frozen modules.
pub fn late(manifest: &Manifest) -> Vec<Unit> {
    let groups = manifest.core.iter().filter(|group| group.late);
    let mut units: Vec<Unit> = groups.flat_map(|group| group_units(manifest, group)).collect();
    units.push(core_unit(manifest, "generated/frozen.c", "size"));
    units
}

/// The freezer's files beside the core's.
pub fn freezer(manifest: &Manifest) -> Vec<Unit> {
    manifest
        .freezer
        .sources
        .iter()
        .map(|source| core_unit(manifest, source, "size"))
        .collect()
}

/// The files of a module that is linked on demand, those of its libraries included: position-independent.
pub fn side_module(manifest: &Manifest, module: &Module) -> Vec<Unit> {
    let mut flags = vec!["-fPIC".to_owned()];
    flags.extend(manifest.compile.module.iter().cloned());
    let mut units = module_units(manifest, module, "side", &flags);
    for library in &module.libraries {
        units.extend(library_units(manifest, &manifest.library[library]));
    }
    units
}

/// All files of all modules that are linked on demand, each once.
pub fn side_modules(manifest: &Manifest) -> Vec<Unit> {
    let units: BTreeSet<Unit> = manifest
        .module
        .values()
        .flat_map(|module| side_module(manifest, module))
        .collect();
    units.into_iter().collect()
}

fn group_units(manifest: &Manifest, group: &Group) -> Vec<Unit> {
    let path = |source| format!("{}/{source}", group.folder);
    group
        .sources
        .iter()
        .map(|source| core_unit(manifest, &path(source), &group.optimize))
        .collect()
}

fn core_unit(manifest: &Manifest, source: &str, optimize: &str) -> Unit {
    let mut flags = cpython_flags(manifest, optimize);
    flags.extend(manifest.compile.core.iter().cloned());
    if let Some(defines) = manifest.defines.get(source) {
        flags.extend(define_flags(defines));
    }
    unit(source, "core", flags)
}

fn module_units(manifest: &Manifest, module: &Module, kind: &str, more: &[String]) -> Vec<Unit> {
    let mut flags = cpython_flags(manifest, &module.optimize);
    flags.extend(more.iter().cloned());
    flags.extend(include_flags(&module.include));
    for library in &module.libraries {
        flags.extend(include_flags(&manifest.library[library].headers));
    }
    flags.extend(define_flags(&module.defines));
    let path = |source| format!("cpython/Modules/{source}");
    module
        .sources
        .iter()
        .map(|source| unit(&path(source), kind, flags.clone()))
        .collect()
}

fn library_units(manifest: &Manifest, library: &Library) -> Vec<Unit> {
    let mut flags = manifest.compile.flags.clone();
    flags.extend(manifest.compile.optimize[&library.optimize].iter().cloned());
    flags.push("-fPIC".to_owned());
    flags.extend(include_flags(&library.include));
    flags.extend(define_flags(&library.defines));
    flags.extend(library.flags.iter().cloned());
    let own = library
        .sources
        .iter()
        .map(|source| format!("{}/{source}", library.folder));
    own.chain(library.extra.iter().cloned())
        .map(|source| unit(&source, "side", flags.clone()))
        .collect()
}

fn cpython_flags(manifest: &Manifest, optimize: &str) -> Vec<String> {
    let mut flags = manifest.compile.flags.clone();
    flags.extend(manifest.compile.optimize[optimize].iter().cloned());
    flags.extend(include_flags(&manifest.compile.include));
    flags
}

fn include_flags(folders: &[String]) -> impl Iterator<Item = String> {
    folders.iter().map(|folder| format!("-I{folder}"))
}

fn define_flags(defines: &BTreeMap<String, String>) -> impl Iterator<Item = String> {
    defines.iter().map(|(name, value)| format!("-D{name}={value}"))
}

/// Objects have flat names: an archive knows its members by name alone.
fn unit(source: &str, kind: &str, flags: Vec<String>) -> Unit {
    let name = source
        .trim_start_matches("cpython/")
        .trim_end_matches(".c")
        .replace('/', "-");
    Unit {
        source: source.to_owned(),
        object: format!("objects/{kind}/{name}.o"),
        flags,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_has_a_name_of_its_own() {
        let manifest = Manifest::embedded();
        let mut seen = BTreeSet::new();
        let units = [
            core(&manifest),
            late(&manifest),
            freezer(&manifest),
            side_modules(&manifest),
        ]
        .concat();
        for unit in &units {
            assert!(seen.insert(&unit.object), "{}", unit.object);
        }
    }

    #[test]
    fn a_file_of_the_core_gets_its_macros() {
        let units = core(&Manifest::embedded());
        let unit = units
            .iter()
            .find(|unit| unit.source == "cpython/Python/getplatform.c")
            .unwrap();
        assert_eq!(unit.object, "objects/core/Python-getplatform.o");
        assert!(unit.flags.contains(&"-DPLATFORM=\"wasi\"".to_owned()));
        assert!(unit.flags.contains(&"-DPy_BUILD_CORE".to_owned()));
        assert!(!unit.flags.contains(&"-fPIC".to_owned()));
    }

    #[test]
    fn a_side_module_is_position_independent_and_holds_its_library() {
        let manifest = Manifest::embedded();
        let units = side_module(&manifest, &manifest.module["zlib"]);
        assert_eq!(units[0].source, "cpython/Modules/zlibmodule.c");
        assert!(units.iter().any(|unit| unit.source == "zlib/src/zlib/inflate.c"));
        assert!(units.iter().all(|unit| unit.flags.contains(&"-fPIC".to_owned())));
    }
}

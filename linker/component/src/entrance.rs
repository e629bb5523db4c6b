//! The functions that the host calls are exported by a small module of their own, which has them from the large one.
//!
//! A host looks a function up at each call. Wasmtime searches it among all functions of its module that can be called from outside,
//! thousands in an interpreter; one that its module imports is at hand. Nothing stands between host and function: the small module
//! has no code.

use crate::sections::{PREAMBLE, Section, sections};
use ampoule_module::CoreModule;
use std::collections::BTreeMap;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    Alias, ComponentAliasSection, ComponentSection, EntityType, ExportKind, ExportSection, FuncType, ImportSection,
    InstanceSection, Module, ModuleArg, ModuleSection, TypeSection,
};
use wasmparser::{
    BinaryReaderError, CanonicalFunction, ComponentAlias, ComponentAliasSectionReader, ComponentCanonicalSectionReader,
    ExternalKind, InstanceSectionReader,
};

/// The ids of the sections that matter here.
const CORE_MODULE: u8 = 1;
const CORE_INSTANCE: u8 = 2;
const ALIAS: u8 = 6;
const CANONICAL: u8 = 8;

/// Puts the small module into a component that was made of `module`, and lets the functions that are lifted be its exports.
pub(crate) fn with_entrance(component: &[u8], module: &[u8]) -> Result<Vec<u8>, BinaryReaderError> {
    let sections = sections(component)?;
    let parts = Parts::read(&sections)?;
    let types = exported_types(module)?;
    let movable = parts.movable();
    let Some((instance, _)) = movable.values().next().copied() else {
        return Ok(component.to_vec());
    };
    let is_moved = |(from, name): &(u32, &str)| *from == instance && types.contains_key(name);
    let moved: BTreeMap<usize, &str> = movable
        .into_iter()
        .filter(|(_, function)| is_moved(function))
        .map(|(index, (_, name))| (index, name))
        .collect();
    let mut changed = component[..PREAMBLE].to_vec();
    for (position, section) in sections.iter().enumerate() {
        if position == parts.place {
            ModuleSection(&entrance(moved.values().map(|name| (*name, &types[name]))))
                .append_to_component(&mut changed);
            instance_of(parts.modules, instance).append_to_component(&mut changed);
        }
        match section.id {
            ALIAS if position >= parts.place => parts
                .redirected(position, section, &moved)?
                .append_to_component(&mut changed),
            _ => changed.extend_from_slice(section.whole),
        }
    }
    Ok(changed)
}

/// What a component defines in its own core index spaces.
#[derive(Default)]
struct Parts<'a> {
    modules: u32,
    instances: u32,
    /// The core functions, those that are exports of a core instance with instance and name.
    functions: Vec<Option<(u32, &'a str)>>,
    /// How many core functions there are before each section.
    before: Vec<usize>,
    /// The core functions that are lifted.
    lifted: Vec<u32>,
    /// The section before which a module and an instance can be added without changing an index.
    place: usize,
}

impl<'a> Parts<'a> {
    fn read(sections: &[Section<'a>]) -> Result<Parts<'a>, BinaryReaderError> {
        let mut parts = Parts::default();
        for (position, section) in sections.iter().enumerate() {
            parts.before.push(parts.functions.len());
            match section.id {
                CORE_MODULE => parts.modules += 1,
                CORE_INSTANCE => parts.instances += InstanceSectionReader::new(section.reader())?.count(),
                ALIAS => parts.add_aliases(section)?,
                CANONICAL => parts.add_canonicals(section)?,
                _ => continue,
            }
            if matches!(section.id, CORE_MODULE | CORE_INSTANCE) {
                parts.place = position + 1;
            }
        }
        Ok(parts)
    }

    fn add_aliases(&mut self, section: &Section<'a>) -> Result<(), BinaryReaderError> {
        for alias in ComponentAliasSectionReader::new(section.reader())? {
            self.functions.extend(function_of(&alias?).map(Some));
        }
        Ok(())
    }

    /// Every canonical definition but a lift defines a core function.
    fn add_canonicals(&mut self, section: &Section<'a>) -> Result<(), BinaryReaderError> {
        for canonical in ComponentCanonicalSectionReader::new(section.reader())? {
            match canonical? {
                CanonicalFunction::Lift { core_func_index, .. } => self.lifted.push(core_func_index),
                _ => self.functions.push(None),
            }
        }
        Ok(())
    }

    /// The functions that are lifted and stand after the place: instance and name, by index.
    fn movable(&self) -> BTreeMap<usize, (u32, &'a str)> {
        let first = self.before.get(self.place).copied().unwrap_or(usize::MAX);
        let indices = self.lifted.iter().map(|index| *index as usize);
        let indices = indices.filter(|index| *index >= first);
        indices
            .filter_map(|index| Some((index, self.functions.get(index).copied()??)))
            .collect()
    }

    /// A section of aliases, in which those of moved functions lead to the small module's instance.
    fn redirected(
        &self,
        position: usize,
        section: &Section<'a>,
        moved: &BTreeMap<usize, &str>,
    ) -> Result<ComponentAliasSection, BinaryReaderError> {
        let mut changed = ComponentAliasSection::new();
        let mut index = self.before[position];
        for alias in ComponentAliasSectionReader::new(section.reader())? {
            let alias = alias?;
            let is_function = function_of(&alias).is_some();
            changed.alias(match moved.get(&index).filter(|_| is_function) {
                Some(name) => Alias::CoreInstanceExport {
                    instance: self.instances,
                    kind: ExportKind::Func,
                    name,
                },
                None => encoded(&alias),
            });
            index += usize::from(is_function);
        }
        Ok(changed)
    }
}

/// Instance and name of a core function that an alias defines.
fn function_of<'a>(alias: &ComponentAlias<'a>) -> Option<(u32, &'a str)> {
    match alias {
        ComponentAlias::CoreInstanceExport {
            kind: ExternalKind::Func | ExternalKind::FuncExact,
            instance_index,
            name,
        } => Some((*instance_index, name)),
        _ => None,
    }
}

fn encoded<'a>(alias: &ComponentAlias<'a>) -> Alias<'a> {
    match *alias {
        ComponentAlias::InstanceExport {
            kind,
            instance_index,
            name,
        } => Alias::InstanceExport {
            instance: instance_index,
            kind: kind.into(),
            name,
        },
        ComponentAlias::CoreInstanceExport {
            kind,
            instance_index,
            name,
        } => Alias::CoreInstanceExport {
            instance: instance_index,
            kind: kind.into(),
            name,
        },
        ComponentAlias::Outer { kind, count, index } => Alias::Outer {
            kind: kind.into(),
            count,
            index,
        },
    }
}

/// The types of the functions that a module exports, by name.
fn exported_types(module: &[u8]) -> Result<BTreeMap<&str, FuncType>, BinaryReaderError> {
    let module = CoreModule::read(module)?;
    let typed = module.exported_functions().filter_map(|(name, function)| {
        let function = RoundtripReencoder.func_type(module.function_type(function)?.clone());
        Some((name, function.ok()?))
    });
    Ok(typed.collect())
}

/// The small module: it exports what it imports.
fn entrance<'a>(functions: impl Iterator<Item = (&'a str, &'a FuncType)>) -> Module {
    let (mut types, mut imports, mut exports) = (TypeSection::new(), ImportSection::new(), ExportSection::new());
    for (index, (name, function)) in (0..).zip(functions) {
        types.ty().func_type(function);
        imports.import("", name, EntityType::Function(index));
        exports.export(name, ExportKind::Func, index);
    }
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&exports);
    module
}

fn instance_of(module: u32, from: u32) -> InstanceSection {
    let mut section = InstanceSection::new();
    section.instantiate(module, [("", ModuleArg::Instance(from))]);
    section
}

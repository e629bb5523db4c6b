//! The second phase: each import of each module is resolved to what it means in the linked module.
//!
//! A symbol is looked up in the module itself first, then in the base, then in the libraries that the module needs (its
//! `needed` list, breadth first), then in all other modules, where it must be the only strong definition. What a world
//! exports is for the host: it may be called like any function of C.

use crate::error::{Problem, Problems};
use crate::exports::is_of_world;
use crate::read::Module;
use crate::uncaught::UNCAUGHT;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use wasmparser::{ExternalKind, FuncType, GlobalType, Import};

/// Functions that the base may lack: a world calls them only for types that it has, and the rest traps.
const OPTIONAL_PREFIX: &str = "wit_dylib_";

/// Libraries that the base contains, however they are spelled in a `needed` list.
const BASE_LIBRARIES: [&str; 6] = [
    "libc.so",
    "libm.so",
    "libdl.so",
    "libpthread.so",
    "libpython3",
    "libwasi-emulated-",
];

/// A function of the linked module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Function {
    /// An import from the host.
    Host(usize),
    /// A function that a module defines.
    Defined { module: usize, index: u32 },
    /// A function that no module defines: it traps.
    Stub(usize),
}

/// What an imported global means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Global {
    /// Where the module's data begins.
    MemoryBase,
    /// Where the module's table elements begin.
    TableBase,
    /// A global of another module.
    Defined { module: usize, index: u32 },
    /// The address of data, which another module exports as a global.
    Address { module: usize, index: u32 },
    /// The table slot of a function.
    Slot(Function),
    /// A weak symbol that no module defines.
    Null,
}

/// A tag of the linked module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tag {
    /// A tag that a module defines.
    Defined { module: usize, index: u32 },
    /// A tag that modules import and none defines: the linked module defines it.
    Shared(usize),
}

/// A function that the linked module imports.
pub(crate) struct Host<'a> {
    pub(crate) module: &'a str,
    pub(crate) name: &'a str,
    pub(crate) function_type: &'a FuncType,
}

/// A function that no module defines.
pub(crate) struct Stub<'a> {
    pub(crate) symbol: &'a str,
    pub(crate) function_type: &'a FuncType,
}

/// The meaning of every import.
#[derive(Default)]
pub(crate) struct Symbols<'a> {
    functions: Vec<Vec<Function>>,
    globals: Vec<Vec<Global>>,
    tags: Vec<Vec<Tag>>,
    pub(crate) hosts: Vec<Host<'a>>,
    pub(crate) stubs: Vec<Stub<'a>>,
    pub(crate) shared_tags: Vec<(&'a str, &'a FuncType)>,
}

impl<'a> Symbols<'a> {
    /// Puts others in the place of functions of the host: none to leave it, some of a function, or of nothing for a trap.
    pub(crate) fn replace_hosts(&mut self, stand_in: impl Fn(&Host<'a>) -> Option<Option<Function>>) {
        let stubs = &mut self.stubs;
        let stand_ins: Vec<Option<Function>> = self
            .hosts
            .iter()
            .map(|host| {
                let function = stand_in(host)?;
                Some(function.unwrap_or_else(|| {
                    stubs.push(Stub {
                        symbol: host.name,
                        function_type: host.function_type,
                    });
                    Function::Stub(stubs.len() - 1)
                }))
            })
            .collect();
        for function in self.functions.iter_mut().flatten() {
            if let Function::Host(place) = *function {
                *function = stand_ins[place].unwrap_or(*function);
            }
        }
    }

    /// The function that has an index in a module.
    pub(crate) fn function(&self, module: usize, index: u32) -> Function {
        let imported = &self.functions[module];
        imported
            .get(index as usize)
            .copied()
            .unwrap_or(Function::Defined { module, index })
    }

    /// The type of a function.
    pub(crate) fn type_of<'s>(&'s self, modules: &'s [Module<'a>], function: Function) -> &'s FuncType {
        match function {
            Function::Host(host) => self.hosts[host].function_type,
            Function::Defined { module, index } => modules[module].function_type(index),
            Function::Stub(stub) => self.stubs[stub].function_type,
        }
    }

    /// What all imports of functions mean.
    pub(crate) fn imported_functions(&self) -> impl Iterator<Item = Function> {
        self.functions.iter().flatten().copied()
    }

    /// What the imported global with an index means, or none if the module defines that global.
    pub(crate) fn global(&self, module: usize, index: u32) -> Option<Global> {
        self.globals[module].get(index as usize).copied()
    }

    /// The tag that has an index in a module.
    pub(crate) fn tag(&self, module: usize, index: u32) -> Tag {
        self.tags[module]
            .get(index as usize)
            .copied()
            .unwrap_or(Tag::Defined { module, index })
    }
}

/// Resolves all imports of all modules; the first module is the base.
pub(crate) fn resolve<'a>(modules: &'a [Module<'a>]) -> Result<Symbols<'a>, Problems> {
    let mut resolver = Resolver::new(modules);
    for module in 0..modules.len() {
        resolver.module(module);
    }
    resolver.finish()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Function,
    Data,
    Global,
    Tag,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Function => "function",
            Kind::Data => "data",
            Kind::Global => "global",
            Kind::Tag => "tag",
        }
    }

    /// What kind of export defines such a symbol.
    fn export(self) -> ExternalKind {
        match self {
            Kind::Function => ExternalKind::Func,
            Kind::Data | Kind::Global => ExternalKind::Global,
            Kind::Tag => ExternalKind::Tag,
        }
    }
}

#[derive(Clone, Copy)]
struct Definition {
    module: usize,
    index: u32,
    is_weak: bool,
    is_of_world: bool,
}

enum Lookup {
    Found(Definition),
    Missing,
    Ambiguous(Vec<usize>),
}

/// A symbol without one definition: the modules that define it, and those that want it.
#[derive(Default)]
struct Unresolved {
    defined_by: Vec<usize>,
    wanted_by: Vec<usize>,
}

struct Resolver<'a> {
    modules: &'a [Module<'a>],
    definitions: BTreeMap<(u8, &'a str), Vec<Definition>>,
    libraries: Vec<Vec<usize>>,
    symbols: Symbols<'a>,
    unresolved: BTreeMap<(Kind, &'a str), Unresolved>,
    problems: BTreeSet<Problem>,
}

impl<'a> Resolver<'a> {
    fn new(modules: &'a [Module<'a>]) -> Resolver<'a> {
        let mut problems = BTreeSet::new();
        Resolver {
            modules,
            definitions: definitions(modules),
            libraries: (0..modules.len())
                .map(|module| libraries(modules, module, &mut problems))
                .collect(),
            symbols: Symbols::default(),
            unresolved: BTreeMap::new(),
            problems,
        }
    }

    fn module(&mut self, module: usize) {
        let parsed = &self.modules[module];
        let import = |place: &usize| parsed.imports[*place];
        let functions = parsed.imported_functions.iter().map(import).enumerate();
        let functions = functions
            .map(|(index, import)| self.function(module, index as u32, import))
            .collect();
        self.symbols.functions.push(functions);
        let globals = parsed.imported_globals.iter().map(import).enumerate();
        let globals = globals
            .map(|(index, import)| self.global(module, parsed.globals[index], import))
            .collect();
        self.symbols.globals.push(globals);
        let tags = parsed.imported_tags.iter().map(import).enumerate();
        let tags = tags.map(|(index, import)| self.tag(module, index, import)).collect();
        self.symbols.tags.push(tags);
        if parsed.image_path.is_some() && initializers(parsed).next().is_none() {
            self.problems.insert(Problem::NoInitializer {
                module: parsed.name.to_string(),
                path: parsed.image_path.unwrap_or_default().to_string(),
            });
        }
    }

    fn function(&mut self, module: usize, index: u32, import: Import<'a>) -> Function {
        let wanted = self.modules[module].function_type(index);
        if import.module != "env" {
            return self.host(module, import, wanted);
        }
        match self.look_up(module, Kind::Function, import.name) {
            Lookup::Found(definition) => {
                let defined = self.modules[definition.module].function_type(definition.index);
                self.check_types(Kind::Function, module, definition.module, import.name, wanted, defined);
                self.defined_function(definition)
            }
            Lookup::Missing if self.may_miss(module, import.name) => self.stub(import.name, wanted),
            missing => {
                self.unresolved(module, Kind::Function, import.name, missing);
                Function::Defined { module, index }
            }
        }
    }

    /// The function of a definition. The base's may be an import from the host that it exports again.
    fn defined_function(&mut self, Definition { module, index, .. }: Definition) -> Function {
        let definer = &self.modules[module];
        match definer.imported_functions.get(index as usize) {
            Some(place) => self.host(module, definer.imports[*place], definer.function_type(index)),
            None => Function::Defined { module, index },
        }
    }

    fn host(&mut self, module: usize, import: Import<'a>, function_type: &'a FuncType) -> Function {
        let same = |host: &Host<'_>| host.module == import.module && host.name == import.name;
        if let Some(place) = self.symbols.hosts.iter().position(same) {
            let known = self.symbols.hosts[place].function_type;
            if known != function_type {
                self.problems.insert(Problem::Mismatch {
                    kind: "import",
                    symbol: format!("{} {}", import.module, import.name),
                    defined_by: "another module".to_string(),
                    defined: signature(known),
                    wanted_by: self.modules[module].name.to_string(),
                    wanted: signature(function_type),
                });
            }
            return Function::Host(place);
        }
        self.symbols.hosts.push(Host {
            module: import.module,
            name: import.name,
            function_type,
        });
        Function::Host(self.symbols.hosts.len() - 1)
    }

    fn stub(&mut self, symbol: &'a str, function_type: &'a FuncType) -> Function {
        let same = |stub: &Stub<'_>| stub.symbol == symbol && stub.function_type == function_type;
        let place = self.symbols.stubs.iter().position(same).unwrap_or_else(|| {
            self.symbols.stubs.push(Stub { symbol, function_type });
            self.symbols.stubs.len() - 1
        });
        Function::Stub(place)
    }

    fn may_miss(&self, module: usize, symbol: &str) -> bool {
        symbol.starts_with(OPTIONAL_PREFIX) || self.modules[module].dylink.is_weak_import(symbol)
    }

    fn global(&mut self, module: usize, wanted: GlobalType, import: Import<'a>) -> Global {
        match (import.module, import.name) {
            ("env", "__memory_base") => Global::MemoryBase,
            ("env", "__table_base") => Global::TableBase,
            ("GOT.func", symbol) => self.slot(module, symbol),
            ("GOT.mem", symbol) => match self.look_up(module, Kind::Data, symbol) {
                Lookup::Found(Definition { module, index, .. }) => Global::Address { module, index },
                missing => self.null(module, Kind::Data, symbol, missing),
            },
            (_, symbol) => match self.look_up(module, Kind::Global, symbol) {
                Lookup::Found(definition) => {
                    let defined = self.modules[definition.module].globals[definition.index as usize];
                    self.check_globals(module, definition.module, symbol, wanted, defined);
                    Global::Defined {
                        module: definition.module,
                        index: definition.index,
                    }
                }
                missing => self.null(module, Kind::Global, symbol, missing),
            },
        }
    }

    fn slot(&mut self, module: usize, symbol: &'a str) -> Global {
        match self.look_up(module, Kind::Function, symbol) {
            Lookup::Found(definition) => Global::Slot(self.defined_function(definition)),
            missing => self.null(module, Kind::Function, symbol, missing),
        }
    }

    /// An address that is null if the symbol is weak, and an error otherwise.
    fn null(&mut self, module: usize, kind: Kind, symbol: &'a str, lookup: Lookup) -> Global {
        if !matches!(lookup, Lookup::Missing) || !self.modules[module].dylink.is_weak_import(symbol) {
            self.unresolved(module, kind, symbol, lookup);
        }
        Global::Null
    }

    fn tag(&mut self, module: usize, index: usize, import: Import<'a>) -> Tag {
        let parsed = &self.modules[module];
        let wanted = &parsed.types[parsed.tags[index] as usize];
        match self.look_up(module, Kind::Tag, import.name) {
            Lookup::Found(definition) => {
                let defining = &self.modules[definition.module];
                let defined = &defining.types[defining.tags[definition.index as usize] as usize];
                self.check_types(Kind::Tag, module, definition.module, import.name, wanted, defined);
                Tag::Defined {
                    module: definition.module,
                    index: definition.index,
                }
            }
            Lookup::Missing => self.shared_tag(import.name, wanted),
            ambiguous => {
                self.unresolved(module, Kind::Tag, import.name, ambiguous);
                Tag::Defined {
                    module,
                    index: index as u32,
                }
            }
        }
    }

    fn shared_tag(&mut self, symbol: &'a str, wanted: &'a FuncType) -> Tag {
        let tags = &mut self.symbols.shared_tags;
        let place = tags.iter().position(|tag| *tag == (symbol, wanted)).unwrap_or_else(|| {
            tags.push((symbol, wanted));
            tags.len() - 1
        });
        Tag::Shared(place)
    }

    fn look_up(&self, module: usize, kind: Kind, symbol: &'a str) -> Lookup {
        let Some(all) = self.definitions.get(&(kind.export() as u8, symbol)) else {
            return Lookup::Missing;
        };
        let near = [module, 0].into_iter().chain(self.libraries[module].iter().copied());
        for scope in near {
            if let Some(definition) = all.iter().find(|definition| definition.module == scope) {
                return Lookup::Found(*definition);
            }
        }
        let others = || all.iter().filter(|definition| !definition.is_of_world);
        let strong: Vec<_> = others().filter(|definition| !definition.is_weak).collect();
        match strong[..] {
            [] => others().next().map_or(Lookup::Missing, |weak| Lookup::Found(*weak)),
            [only] => Lookup::Found(*only),
            _ => Lookup::Ambiguous(strong.iter().map(|definition| definition.module).collect()),
        }
    }

    fn unresolved(&mut self, module: usize, kind: Kind, symbol: &'a str, lookup: Lookup) {
        let unresolved = self.unresolved.entry((kind, symbol)).or_default();
        if let Lookup::Ambiguous(modules) = lookup {
            unresolved.defined_by = modules;
        }
        if !unresolved.wanted_by.contains(&module) {
            unresolved.wanted_by.push(module);
        }
    }

    fn check_types(
        &mut self,
        kind: Kind,
        module: usize,
        definer: usize,
        symbol: &str,
        wanted: &FuncType,
        defined: &FuncType,
    ) {
        if wanted != defined {
            self.mismatch(kind, module, definer, symbol, signature(wanted), signature(defined));
        }
    }

    fn check_globals(&mut self, module: usize, definer: usize, symbol: &str, wanted: GlobalType, defined: GlobalType) {
        if wanted != defined {
            self.mismatch(
                Kind::Global,
                module,
                definer,
                symbol,
                global_type(wanted),
                global_type(defined),
            );
        }
    }

    fn mismatch(&mut self, kind: Kind, module: usize, definer: usize, symbol: &str, wanted: String, defined: String) {
        self.problems.insert(Problem::Mismatch {
            kind: kind.name(),
            symbol: symbol.to_string(),
            defined_by: self.modules[definer].name.to_string(),
            defined,
            wanted_by: self.modules[module].name.to_string(),
            wanted,
        });
    }

    fn finish(self) -> Result<Symbols<'a>, Problems> {
        let names = |modules: &[usize]| {
            modules
                .iter()
                .map(|module| self.modules[*module].name.to_string())
                .collect()
        };
        let unresolved = self.unresolved.iter().map(|((kind, symbol), unresolved)| {
            let (kind, symbol, wanted_by) = (kind.name(), symbol.to_string(), names(&unresolved.wanted_by));
            let defined_by: Vec<String> = names(&unresolved.defined_by);
            if defined_by.is_empty() {
                Problem::Missing {
                    kind,
                    symbol,
                    wanted_by,
                }
            } else {
                Problem::Duplicate {
                    kind,
                    symbol,
                    defined_by,
                    wanted_by,
                }
            }
        });
        let mut problems: Vec<_> = unresolved.collect();
        problems.extend(self.problems.iter().cloned());
        if problems.is_empty() {
            Ok(self.symbols)
        } else {
            Err(Problems(problems))
        }
    }
}

/// The functions by which Python initialises an extension module: name and index.
pub(crate) fn initializers<'a>(module: &Module<'a>) -> impl Iterator<Item = (&'a str, u32)> {
    module
        .exports
        .iter()
        .filter(|export| export.kind == ExternalKind::Func && export.name.starts_with("PyInit"))
        .map(|export| (export.name, export.index))
}

/// All that the modules define. A module that exports an import again does not define it, unless it comes from the host.
fn definitions<'a>(modules: &[Module<'a>]) -> BTreeMap<(u8, &'a str), Vec<Definition>> {
    let mut definitions = BTreeMap::<_, Vec<_>>::new();
    for (place, module) in modules.iter().enumerate() {
        for export in &module.exports {
            let (imports, may_be_host) = match export.kind {
                ExternalKind::Func => (&module.imported_functions, place == 0),
                ExternalKind::Global => (&module.imported_globals, false),
                ExternalKind::Tag => (&module.imported_tags, false),
                _ => continue,
            };
            let import = imports.get(export.index as usize).map(|import| module.imports[*import]);
            if import.is_none_or(|import| may_be_host && import.module != "env") {
                let is_weak = module.dylink.is_weak_export(export.name) || export.name == UNCAUGHT;
                let definition = Definition {
                    module: place,
                    index: export.index,
                    is_weak,
                    is_of_world: is_of_world(module, export),
                };
                definitions
                    .entry((export.kind as u8, export.name))
                    .or_default()
                    .push(definition);
            }
        }
    }
    definitions
}

/// The modules that a module names as needed, and those that they need, nearest first.
fn libraries(modules: &[Module<'_>], module: usize, problems: &mut BTreeSet<Problem>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut waiting = VecDeque::from([module]);
    while let Some(current) = waiting.pop_front() {
        for library in &modules[current].dylink.needed {
            match modules.iter().position(|candidate| candidate.name == *library) {
                Some(place) if !found.contains(&place) => {
                    found.push(place);
                    waiting.push_back(place);
                }
                Some(_) => {}
                None if BASE_LIBRARIES.iter().any(|known| library.starts_with(known)) => {}
                None => {
                    let wanted_by = modules[current].name.to_string();
                    problems.insert(Problem::Library {
                        library: library.to_string(),
                        wanted_by,
                    });
                }
            }
        }
    }
    found
}

fn signature(function: &FuncType) -> String {
    let list = |types: &[wasmparser::ValType]| {
        let names: Vec<_> = types.iter().map(ToString::to_string).collect();
        format!("({})", names.join(", "))
    };
    format!("{} -> {}", list(function.params()), list(function.results()))
}

fn global_type(global: GlobalType) -> String {
    format!(
        "{}{}",
        if global.mutable { "mutable " } else { "" },
        global.content_type
    )
}

//! The split run: the precompiled interpreter, and beside it each side module as an instance of its own, at the
//! addresses of the link's layout.

use crate::Error;
use crate::uncaught::UNCAUGHT;
use ampoule_host::{Host, HostConfiguration, HostError, Python};
use ampoule_layout::{BASE, LOADER_FUNCTIONS, Layout, Placement};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use wasmtime::{
    Extern, ExternType, Func, FuncType, Global, GlobalType, Instance, Module, Mutability, Ref, Store, Tag, TagType,
    Val, ValType,
};

/// A side module, compiled.
pub(crate) struct SideModule {
    /// The name that it has in the layout.
    pub(crate) name: String,
    /// Its code.
    pub(crate) module: Module,
}

/// The interpreter with its side modules beside it.
pub(crate) struct Split {
    /// The interpreter.
    pub(crate) interpreter: Python,
    /// The function that says what an exception is that nothing caught, if there are modules that throw.
    pub(crate) uncaught: Option<Func>,
}

/// Instantiates the interpreter and the side modules, and runs the side modules' relocations and constructors.
pub(crate) fn start(
    interpreter: &Module,
    side_modules: &[SideModule],
    layout: &Layout,
    configuration: HostConfiguration,
) -> Result<Split, Error> {
    check_names(side_modules, layout)?;
    let mut interpreter = Python::new(interpreter, configuration)?;
    grow(&mut interpreter, layout)?;
    let mut instances = Instances {
        base: *interpreter.instance(),
        by_name: BTreeMap::new(),
        tags: BTreeMap::new(),
        pending: Vec::new(),
    };
    for (side_module, placement) in side_modules.iter().zip(&layout.modules) {
        instances
            .add(&mut interpreter, side_module, placement)
            .map_err(|source| side_module.error(source))?;
    }
    fill_table(&mut interpreter, &instances, layout)?;
    for functions in LOADER_FUNCTIONS {
        instances.run_all(&mut interpreter.store, side_modules, functions)?;
    }
    let mut by_name = instances.by_name.values();
    let uncaught = by_name.find_map(|instance| instance.get_func(&mut interpreter.store, UNCAUGHT));
    Ok(Split { interpreter, uncaught })
}

impl SideModule {
    fn error(&self, source: wasmtime::Error) -> Error {
        Error::SideModule {
            name: self.name.clone(),
            source,
        }
    }
}

fn check_names(side_modules: &[SideModule], layout: &Layout) -> Result<(), Error> {
    let given: Vec<&str> = side_modules.iter().map(|module| module.name.as_str()).collect();
    let expected: Vec<&str> = layout.modules.iter().map(|module| module.name.as_str()).collect();
    if given == expected {
        return Ok(());
    }
    let (given, expected) = (given.join(", "), expected.join(", "));
    Err(Error::Modules(format!(
        "the layout has {expected}, and the command line has {given}"
    )))
}

/// Makes room for the side modules' data and elements.
fn grow(interpreter: &mut Python, layout: &Layout) -> Result<(), Error> {
    let memory = interpreter.memory()?;
    let table = interpreter.table()?;
    let store = &mut interpreter.store;
    let more_pages = layout.memory.pages.checked_sub(memory.size(&*store));
    let more_elements = layout.table.elements.checked_sub(table.size(&*store));
    let (Some(more_pages), Some(more_elements)) = (more_pages, more_elements) else {
        return Err(Error::Modules("the layout is of a smaller interpreter".to_owned()));
    };
    let failed = |source| Error::Host(HostError::Instantiate(source));
    memory.grow(&mut *store, more_pages).map_err(failed)?;
    table
        .grow(&mut *store, more_elements, Ref::Func(None))
        .map_err(failed)?;
    Ok(())
}

/// Puts the functions into the table whose addresses are taken across modules.
fn fill_table(interpreter: &mut Python, instances: &Instances, layout: &Layout) -> Result<(), Error> {
    let table = interpreter.table()?;
    for slot in &layout.got_functions {
        let function = instances.exported(&mut interpreter.store, &slot.module, &slot.symbol);
        let function = function
            .ok_or_else(|| Error::Modules(format!("the module {} does not export {}", slot.module, slot.symbol)))?;
        table
            .set(&mut interpreter.store, u64::from(slot.slot), Ref::Func(Some(function)))
            .map_err(|source| Error::Host(HostError::Instantiate(source)))?;
    }
    Ok(())
}

/// The instances that exist so far.
struct Instances {
    base: Instance,
    by_name: BTreeMap<String, Instance>,
    /// What they throw, by the kind's name: one is all modules'.
    tags: BTreeMap<String, Tag>,
    pending: Vec<Pending>,
}

/// A function that a module imports from one that is instantiated later, or from itself.
struct Pending {
    definer: String,
    name: String,
    target: Arc<OnceLock<Func>>,
}

impl Instances {
    /// Instantiates a side module at its place.
    fn add(
        &mut self,
        interpreter: &mut Python,
        side_module: &SideModule,
        placement: &Placement,
    ) -> wasmtime::Result<()> {
        let module = &side_module.module;
        let imports = module
            .imports()
            .map(|import| {
                let (from, name) = (import.module(), import.name());
                match import.ty() {
                    ExternType::Func(kind) if from == "env" => {
                        let definer = placement.functions.get(name).and_then(Option::as_deref);
                        Ok(Extern::Func(self.function(interpreter, definer, name, kind)))
                    }
                    ExternType::Func(kind) => Ok(Extern::Func(refusal(&mut interpreter.store, from, name, kind))),
                    ExternType::Global(kind) => self.global(interpreter, placement, from, name, kind),
                    ExternType::Memory(_) => Ok(Extern::Memory(interpreter.memory()?)),
                    ExternType::Table(_) => Ok(Extern::Table(interpreter.table()?)),
                    ExternType::Tag(kind) if from == "env" => Ok(Extern::Tag(self.tag(interpreter, name, &kind)?)),
                    _ => Err(unknown(from, name)),
                }
            })
            .collect::<wasmtime::Result<Vec<Extern>>>()?;
        let instance = Instance::new(&mut interpreter.store, module, &imports)?;
        self.by_name.insert(side_module.name.clone(), instance);
        for pending in self
            .pending
            .extract_if(.., |pending| pending.definer == side_module.name)
        {
            if let Some(function) = instance.get_func(&mut interpreter.store, &pending.name) {
                // Each target is set here once, when its module comes into being.
                let _ = pending.target.set(function);
            }
        }
        Ok(())
    }

    /// The function that the layout resolves an import to. One of a module that is not there yet is called through
    /// a stand-in; one that nobody defines traps.
    fn function(&mut self, interpreter: &mut Python, definer: Option<&str>, name: &str, kind: FuncType) -> Func {
        let Some(definer) = definer else {
            return refusal(&mut interpreter.store, "env", name, kind);
        };
        if let Some(function) = self.exported(&mut interpreter.store, definer, name) {
            return function;
        }
        let target = Arc::new(OnceLock::new());
        self.pending.push(Pending {
            definer: definer.to_owned(),
            name: name.to_owned(),
            target: target.clone(),
        });
        let missing = format!("{definer} does not define {name}");
        Func::new(
            &mut interpreter.store,
            kind,
            move |mut caller, parameters, results| match target.get() as Option<&Func> {
                Some(function) => function.call(&mut caller, parameters, results),
                None => Err(wasmtime::Error::msg(missing.clone())),
            },
        )
    }

    fn global(
        &self,
        interpreter: &mut Python,
        placement: &Placement,
        from: &str,
        name: &str,
        kind: GlobalType,
    ) -> wasmtime::Result<Extern> {
        let address = match (from, name) {
            ("env", "__memory_base") => Some(placement.memory_base),
            ("env", "__table_base") => Some(placement.table_base),
            ("GOT.func", name) => placement.got_functions.get(name).copied(),
            ("GOT.mem", name) => placement.got_memory.get(name).copied(),
            _ => None,
        };
        if let Some(address) = address {
            let value = Val::I32(address as i32);
            return Ok(Extern::Global(Global::new(&mut interpreter.store, kind, value)?));
        }
        let shared = interpreter.global(name).ok().filter(|_| from == "env");
        match shared {
            Some(global) if kind.mutability() == Mutability::Var => Ok(Extern::Global(global)),
            Some(global) if matches!(kind.content(), ValType::I32) => Ok(Extern::Global(global)),
            _ => Err(unknown(from, name)),
        }
    }

    /// The tag with a name. What one module throws another catches, as in the linked module.
    fn tag(&mut self, interpreter: &mut Python, name: &str, kind: &TagType) -> wasmtime::Result<Tag> {
        if let Some(tag) = self.tags.get(name) {
            return Ok(*tag);
        }
        let tag = Tag::new(&mut interpreter.store, kind)?;
        self.tags.insert(name.to_owned(), tag);
        Ok(tag)
    }

    fn exported(&self, store: &mut Store<Host>, module: &str, name: &str) -> Option<Func> {
        let instance = match module {
            BASE => &self.base,
            name => self.by_name.get(name)?,
        };
        instance.get_func(store, name)
    }

    /// Calls in each side module the first of the functions that it exports.
    fn run_all(&self, store: &mut Store<Host>, side_modules: &[SideModule], functions: &[&str]) -> Result<(), Error> {
        for side_module in side_modules {
            let instance = &self.by_name[&side_module.name];
            let exported = functions.iter().find_map(|name| instance.get_func(&mut *store, name));
            if let Some(function) = exported.and_then(|function| function.typed::<(), ()>(&*store).ok()) {
                function
                    .call(&mut *store, ())
                    .map_err(|source| side_module.error(source))?;
            }
        }
        Ok(())
    }
}

/// A function that traps and says which import it stands for.
fn refusal(store: &mut Store<Host>, module: &str, name: &str, kind: FuncType) -> Func {
    let message = format!("{module} {name} was called while the component was being built");
    Func::new(store, kind, move |_, _, _| Err(wasmtime::Error::msg(message.clone())))
}

fn unknown(module: &str, name: &str) -> wasmtime::Error {
    wasmtime::Error::msg(format!("nothing defines its import {module} {name}"))
}

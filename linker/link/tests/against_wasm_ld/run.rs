//! Runs a program's modules in Wasmtime.

use ampoule_layout::{INITIALIZE, Layout, Placement};
use ampoule_link::Input;
use wasmtime::{
    Engine, Extern, Func, Global, GlobalType, Instance, Memory, Module, Mutability, Ref, Store, Table, Val, ValType,
};

/// What a program computed.
pub struct Outcome {
    /// The results of its calls.
    pub results: Vec<i32>,
    /// Its memory after the last call.
    pub memory: Vec<u8>,
}

/// Runs one module that is the whole program.
pub fn whole(bytes: &[u8]) -> Outcome {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let module = Module::new(&engine, bytes).unwrap();
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    call(&mut store, &instance, "_initialize");
    if instance.get_func(&mut store, INITIALIZE).is_some() {
        call(&mut store, &instance, INITIALIZE);
    }
    outcome(&mut store, &instance)
}

/// Runs the base and the side modules as instances of their own, at the addresses of a layout.
pub fn split(base: &[u8], inputs: &[Input<'_>], layout: &Layout) -> Outcome {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let module = Module::new(&engine, base).unwrap();
    let base = Instance::new(&mut store, &module, &[]).unwrap();
    let memory = base.get_memory(&mut store, "memory").unwrap();
    let table = base.get_table(&mut store, "__indirect_function_table").unwrap();
    let pages = layout.memory.pages - memory.size(&store);
    memory.grow(&mut store, pages).unwrap();
    let elements = layout.table.elements - table.size(&store);
    table.grow(&mut store, elements, Ref::Func(None)).unwrap();
    let mut loader = Loader {
        base,
        memory,
        table,
        names: vec!["base".into()],
        instances: vec![base],
    };
    call(&mut store, &base, "_initialize");
    let mut waiting = Vec::new();
    for (input, placement) in inputs.iter().zip(&layout.modules) {
        waiting.push((Module::new(&engine, input.bytes).unwrap(), placement));
    }
    // Side modules may import one another in a circle: what is not there yet is called through a function that looks it up.
    let shared = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    for (module, placement) in &waiting {
        let instance = loader.instantiate(&mut store, module, placement, &shared);
        loader.names.push(placement.name.clone());
        loader.instances.push(instance);
        shared.lock().unwrap().push((placement.name.clone(), instance));
    }
    loader.fill_slots(&mut store, layout);
    for export in ["__wasm_apply_data_relocs", "__wasm_call_ctors"] {
        for instance in &loader.instances[1..] {
            if instance.get_func(&mut store, export).is_some() {
                call(&mut store, instance, export);
            }
        }
    }
    outcome(&mut store, &base)
}

type Shared = std::sync::Arc<std::sync::Mutex<Vec<(String, Instance)>>>;

struct Loader {
    base: Instance,
    memory: Memory,
    table: Table,
    names: Vec<String>,
    instances: Vec<Instance>,
}

impl Loader {
    fn instantiate(&self, store: &mut Store<()>, module: &Module, placement: &Placement, shared: &Shared) -> Instance {
        let imports: Vec<Extern> = module
            .imports()
            .map(|import| {
                let constant = match (import.module(), import.name()) {
                    ("env", "memory") => return self.memory.into(),
                    ("env", "__indirect_function_table") => return self.table.into(),
                    ("env", "__memory_base") => placement.memory_base,
                    ("env", "__table_base") => placement.table_base,
                    ("GOT.func", name) => placement.got_functions[name],
                    ("GOT.mem", name) => placement.got_memory[name],
                    (_, name) if import.ty().func().is_some() => {
                        return self.function(store, name, placement, &import.ty(), shared).into();
                    }
                    (_, name) => return self.base.get_export(&mut *store, name).unwrap(),
                };
                let mutability = import.ty().unwrap_global().mutability();
                global(store, constant, mutability).into()
            })
            .collect();
        Instance::new(store, module, &imports).unwrap()
    }

    fn function(
        &self,
        store: &mut Store<()>,
        name: &str,
        placement: &Placement,
        wanted: &wasmtime::ExternType,
        shared: &Shared,
    ) -> Func {
        let Some(definer) = placement.functions[name].clone() else {
            let name = name.to_string();
            return Func::new(store, wanted.unwrap_func().clone(), move |_, _, _| {
                wasmtime::bail!("{name} is undefined")
            });
        };
        if let Some(place) = self.names.iter().position(|known| *known == definer) {
            return self.instances[place].get_func(store, name).unwrap();
        }
        let (name, shared) = (name.to_string(), shared.clone());
        Func::new(
            &mut *store,
            wanted.unwrap_func().clone(),
            move |mut caller, parameters, results| {
                let found = shared
                    .lock()
                    .unwrap()
                    .iter()
                    .find(|(known, _)| *known == definer)
                    .map(|(_, instance)| *instance);
                let function = found.unwrap().get_func(&mut caller, &name).unwrap();
                function.call(&mut caller, parameters, results)
            },
        )
    }

    /// Puts the functions that have no slot of their own into the slots that the link gave them.
    fn fill_slots(&self, store: &mut Store<()>, layout: &Layout) {
        for slot in &layout.got_functions {
            let place = self.names.iter().position(|name| *name == slot.module).unwrap();
            let function = self.instances[place].get_func(&mut *store, &slot.symbol);
            self.table
                .set(&mut *store, u64::from(slot.slot), Ref::Func(function))
                .unwrap();
        }
    }
}

fn global(store: &mut Store<()>, value: u32, mutability: Mutability) -> Global {
    Global::new(store, GlobalType::new(ValType::I32, mutability), Val::I32(value as i32)).unwrap()
}

fn call(store: &mut Store<()>, instance: &Instance, name: &str) {
    let function = instance.get_typed_func::<(), ()>(&mut *store, name).unwrap();
    function.call(store, ()).unwrap();
}

fn outcome(store: &mut Store<()>, instance: &Instance) -> Outcome {
    let run = instance.get_typed_func::<i32, i32>(&mut *store, "ampoule_run").unwrap();
    let results = [0, 1, 12345, -7]
        .map(|argument| run.call(&mut *store, argument).unwrap())
        .to_vec();
    let memory = instance.get_memory(&mut *store, "memory").unwrap();
    Outcome {
        results,
        memory: memory.data(&*store).to_vec(),
    }
}

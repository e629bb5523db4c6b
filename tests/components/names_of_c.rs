//! Functions of a world whose names mean something in C or in a core module, too.

use ampoule_support::component::{State, linker};
use ampoule_support::{ampoule, copy, root, succeed};
use wasmtime::component::Component;
use wasmtime::{Engine, Store, StoreContextMut};
use wasmtime_wasi::WasiCtx;

const NAMES: [&str; 4] = ["free", "main", "memory", "printf"];

#[test]
fn are_exported_and_imported() {
    let project = copy(&root().join("tests/apps/names-of-c"));
    succeed(ampoule(project.path()).arg("build"));
    let engine = Engine::default();
    let component = Component::from_file(&engine, project.path().join("names.wasm")).expect("a component");
    let mut linker = linker(&engine).expect("WASI");
    for name in NAMES {
        let answer = move |_: StoreContextMut<'_, State>, (text,): (String,)| Ok((format!("{text}: {name}"),));
        linker.root().func_wrap(name, answer).expect("a function");
    }
    let mut store = Store::new(&engine, State::new(WasiCtx::builder().build()));
    let instance = linker.instantiate(&mut store, &component).expect("an instance");
    for name in NAMES {
        let function = instance.get_typed_func::<(String,), (String,)>(&mut store, name);
        let function = function.expect("the world exports it");
        let given = function.call(&mut store, ("this".to_owned(),)).expect("it returns");
        assert_eq!(given.0, format!("this: {name} is {name}"));
    }
}

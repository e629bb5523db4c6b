//! Wrong values and deep recursion in a component: an exception where it happened, and an instance that goes on.
//!
//! `tests/apps/values/attempts.txt` and `results.txt` hold what each case of the app gives, `forms.txt` what the host gets of right
//! values in other forms than the usual ones.

use ampoule_support::component::{State, linker};
use ampoule_support::{ampoule, copy, root, succeed, text};
use ampoule_tests::golden;
use std::path::Path;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Instance, Linker, Val};
use wasmtime::{Engine, Store};
use wasmtime_wasi::WasiCtx;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;

/// The interface whose functions are given wrong values.
const SHAPES: &str = "test:values/shapes";

/// Wrong results: the export and the name of the case.
const RESULTS: &[(&str, &str)] = &[
    ("give", "no list"),
    ("give", "a wrong item"),
    ("give", "nothing"),
    ("give", "an exception"),
    ("give", "an error that the type does not have"),
    ("give-outcome", "a wrong value"),
    ("give-outcome", "Ok where the value is meant"),
    ("give-outcome", "a wrong error"),
];

/// No import is ever called, since each value is refused before; and one instance lives through all.
#[test]
fn what_is_wrong_raises_and_the_instance_goes_on() {
    let app = App::build();
    let mut instance = app.start();
    let names = instance.call("attempts", &[]).expect("the app lists its cases");
    let Val::List(names) = names else {
        panic!("a list of names, not {names:?}")
    };
    let mut report = String::new();
    for name in names {
        let outcome = instance.call("attempt", std::slice::from_ref(&name));
        let (Val::String(name), Ok(Val::String(outcome))) = (&name, &outcome) else {
            panic!("{name:?} ended the instance: {outcome:?}\n{}", instance.stderr())
        };
        report += &format!("{name}\n    {outcome}\n");
    }
    assert_eq!(instance.stderr(), "");
    check("attempts.txt", &report);
}

/// One instance gives them all.
#[test]
fn right_values_may_have_other_forms() {
    let app = App::build();
    let mut instance = app.start();
    let forms = instance.call("forms", &[]).expect("the app lists its cases");
    let Val::List(forms) = forms else {
        panic!("a list of pairs, not {forms:?}")
    };
    let mut report = String::new();
    for form in forms {
        let Val::Tuple(form) = &form else {
            panic!("a pair, not {form:?}")
        };
        let [Val::String(function), name] = form.as_slice() else {
            panic!("a function and a name, not {form:?}")
        };
        let given = instance.call(function, std::slice::from_ref(name));
        let given = given.unwrap_or_else(|error| panic!("{form:?}: {error:?}\n{}", instance.stderr()));
        let Val::String(name) = name else {
            panic!("a name, not {name:?}")
        };
        report += &format!("{function}: {name}\n    {}\n", written(&given));
    }
    check("forms.txt", &report);
}

fn written(value: &Val) -> String {
    value.to_wave().expect("the value can be written")
}

#[test]
fn a_wrong_result_prints_its_traceback_and_traps() {
    let app = App::build();
    let mut report = String::new();
    for (function, name) in RESULTS {
        let mut instance = app.start();
        let error = instance
            .call(function, &[Val::String((*name).into())])
            .expect_err("a wrong result");
        let trap = error.downcast_ref::<wasmtime::Trap>();
        assert_eq!(trap, Some(&wasmtime::Trap::UnreachableCodeReached), "{name}: {error:?}");
        report += &format!("{function}: {name}\n{}\n", instance.stderr());
    }
    check("results.txt", &report);
}

fn check(golden: &str, found: &str) {
    let file = root().join("tests/apps/values").join(golden);
    golden::check(&file, found).unwrap_or_else(|difference| panic!("{difference}"));
}

/// The component, compiled.
struct App {
    component: Component,
    linker: Linker<State>,
}

impl App {
    fn build() -> App {
        let project = copy(&root().join("tests/apps/values"));
        succeed(ampoule(project.path()).arg("build"));
        App::load(&project.path().join("values.wasm"))
    }

    fn load(file: &Path) -> App {
        let mut configuration = wasmtime::Config::new();
        configuration.wasm_component_model_map(true);
        configuration.wasm_component_model_fixed_length_lists(true);
        let engine = Engine::new(&configuration).expect("an engine");
        let component = Component::from_file(&engine, file).expect("a component");
        let mut linker = linker(&engine).expect("WASI");
        App::define_imports(&component, &mut linker);
        App { component, linker }
    }

    /// The app's imports: a call of one ends the instance.
    fn define_imports(component: &Component, linker: &mut Linker<State>) {
        let component_type = component.component_type();
        let imports = component_type
            .get_import(component.engine(), SHAPES)
            .expect("the app imports it");
        let ComponentItem::ComponentInstance(interface) = imports.ty else {
            panic!("an interface")
        };
        let mut instance = linker.instance(SHAPES).expect("an interface");
        for (name, item) in interface.exports(component.engine()) {
            if !matches!(item.ty, ComponentItem::ComponentFunc(_)) {
                continue;
            }
            instance
                .func_new(name, |_, _, _, _| {
                    Err(wasmtime::format_err!("a wrong value was accepted"))
                })
                .expect("a function");
        }
    }

    fn start(&self) -> Running {
        let stderr = MemoryOutputPipe::new(1 << 20);
        let context = WasiCtx::builder().stderr(stderr.clone()).build();
        let mut store = Store::new(self.component.engine(), State::new(context));
        let instance = self
            .linker
            .instantiate(&mut store, &self.component)
            .expect("an instance");
        Running {
            store,
            instance,
            stderr,
        }
    }
}

struct Running {
    store: Store<State>,
    instance: Instance,
    stderr: MemoryOutputPipe,
}

impl Running {
    fn call(&mut self, function: &str, arguments: &[Val]) -> wasmtime::Result<Val> {
        let function = self
            .instance
            .get_func(&mut self.store, function)
            .expect("the world has this function");
        let mut results = [Val::Bool(false)];
        function.call(&mut self.store, arguments, &mut results)?;
        let [result] = results;
        Ok(result)
    }

    fn stderr(&self) -> String {
        text(&self.stderr.contents())
    }
}

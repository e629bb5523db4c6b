//! Lists of numbers that arrive as arrays or memoryviews, and leave as whatever has such a buffer.

use ampoule_support::component::{State, linker};
use ampoule_support::{ampoule, copy, root, succeed};
use std::sync::OnceLock;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Instance, Linker, Lower, TypedFunc, Val};
use wasmtime::{Config, Engine, OptLevel, Store};
use wasmtime_wasi::WasiCtx;

/// The interface whose functions give back what they are given.
const ECHO: &str = "test:numbers/echo";

/// The forms in which lists of numbers arrive.
const FORMS: [&str; 2] = ["array", "memoryview"];

/// Values in WAVE by function, and what Python sees of each, where `#` is the form.
const VALUES: &[(&str, &str, &str)] = &[
    ("bytes", "[1, 2]", "bytes"),
    ("octets", "[0, 255]", "# B 1"),
    ("s8s", "[-128, 127]", "# b 1"),
    ("u16s", "[0, 65535]", "# H 2"),
    ("s16s", "[-32768, 32767]", "# h 2"),
    ("u32s", "[0, 4294967295]", "# I 4"),
    ("s32s", "[-2147483648, 2147483647]", "# i 4"),
    ("u64s", "[0, 18446744073709551615]", "# Q 8"),
    ("s64s", "[-9223372036854775808, 9223372036854775807]", "# q 8"),
    ("f32s", "[0.5, -1.5]", "# f 4"),
    ("f64s", "[0.1, inf, -1e300]", "# d 8"),
    ("f64s", "[]", "# d 8"),
    ("s8s", "[]", "# b 1"),
    ("truths", "[true, false]", "[bool, bool]"),
    ("nested", "[[1, 2], [], [3]]", "[# d 8, # d 8, # d 8]"),
    ("options", "none", "NoneType"),
    ("options", "some([1])", "bytes"),
    ("pairs", "([1, 2], [\"one\"])", "[# Q 8, [str]]"),
    (
        "several",
        "[{name: \"a\", values: [1], marks: some([])}, {name: \"b\", values: [], marks: none}]",
        "[Series(str, # d 8, # i 4), Series(str, # d 8, NoneType)]",
    ),
    (
        "readings",
        "[%none, raw([1, 2]), parts([[], [3]])]",
        "[Reading_None_(), Reading_Raw(# H 2), Reading_Parts([# q 8, # q 8])]",
    ),
    ("outcomes", "ok([0.25])", "# f 4"),
    ("outcomes", "err([-1])", "# b 1"),
];

/// What the app gives by form, where it is not the four numbers.
const PARTS: &[(&str, &[f64])] = &[
    ("a part", &[2.0, 3.0]),
    ("each other", &[1.0, 3.0]),
    ("backwards", &[4.0, 3.0, 2.0, 1.0]),
    ("none of it", &[]),
];

const WHOLE: [&str; 13] = [
    "as it came",
    "a view",
    "read-only",
    "by way of bytes",
    "an array",
    "an array of others",
    "a view of an array",
    "a tuple",
    "a range",
    "an exporter",
    "a view of an exporter",
    "with a callback",
    "a view with a callback",
];

#[test]
fn arrive_as_what_was_asked_for_and_go_back() {
    for form in FORMS {
        let mut app = App::get(form).start();
        for (function, value, seen) in VALUES {
            let name = format!("{form}: {function} of {value}");
            let given = app.value(function, value);
            let result = app.call(Some(ECHO), function, std::slice::from_ref(&given));
            assert_eq!(result, given, "{name}");
            let expected = Val::String(seen.replace('#', form));
            let seen = app.call(None, "seen", &[]);
            assert_eq!(seen, Val::List(vec![expected.clone(), expected]), "{name}");
        }
    }
}

/// 131072 numbers of Python's would be so many blocks of memory.
#[test]
fn large_ones_are_not_taken_apart() {
    let numbers: Vec<f64> = (0..1 << 17).map(f64::from).collect();
    for form in FORMS {
        let mut app = App::get(form).start();
        let echo: TypedFunc<(&[f64],), (Vec<f64>,)> = app.typed(ECHO, "f64s");
        let few = &numbers[..2];
        let (back,) = echo.call(&mut app.store, (few,)).expect("it comes back");
        assert_eq!(back, few);
        let before = app.blocks();
        let (back,) = echo.call(&mut app.store, (&numbers,)).expect("it comes back");
        assert!(back == numbers, "{form}");
        assert!(app.blocks().abs_diff(before) < 1000, "{form}");
    }
}

#[test]
fn leave_in_any_form() {
    let parts = PARTS.iter().map(|(name, numbers)| (*name, *numbers));
    let whole = WHOLE.iter().map(|name| (*name, &[1.0, 2.0, 3.0, 4.0][..]));
    let all: Vec<(&str, &[f64])> = parts.chain(whole).collect();
    for form in FORMS {
        let mut app = App::get(form).start();
        for (name, numbers) in &all {
            let expected = Val::List(numbers.iter().map(|&number| Val::Float64(number)).collect());
            let given = app.call(None, "give", &[Val::String(name.to_string())]);
            assert_eq!(given, expected, "{form}: {name}");
        }
        let ran = app.check("let_go");
        assert_eq!(ran, "['[7]', '[7]', '[8]', '[8]']", "{form}");
    }
}

#[test]
fn belong_to_the_app() {
    for form in FORMS {
        let mut app = App::get(form).start();
        assert_eq!(app.check("mutated"), "[-1.0, 2.0, 3.0, 4.0] [1.0, 2.0, 3.0, 4.0]");
        for count in 1..=3 {
            assert_eq!(app.check("filled"), count.to_string());
            assert_eq!(app.check("looked_at"), format!("{count} True"));
        }
        assert_eq!(app.check("forgotten"), "[3.0, 4.0]");
        assert_eq!(app.check("looked_at"), "3 True");
    }
}

#[test]
fn what_is_wrong_is_refused_as_ever() {
    for form in FORMS {
        let mut app = App::get(form).start();
        let refused = app.check("refused");
        assert!(refused.ends_with("not be a memoryview that was released"), "{refused}");
        let wrong = app.check("wrong");
        assert!(wrong.contains("u16") && wrong.contains("float"), "{wrong}");
        assert_eq!(app.check("mutated"), "[-1.0, 2.0, 3.0, 4.0] [1.0, 2.0, 3.0, 4.0]");
    }
}

/// The component, compiled.
struct App {
    component: Component,
    linker: Linker<State>,
}

impl App {
    /// The app that asks for this form.
    fn get(form: &str) -> &'static App {
        static APPS: [OnceLock<App>; 2] = [OnceLock::new(), OnceLock::new()];
        let index = FORMS.iter().position(|known| *known == form).expect("a form");
        APPS[index].get_or_init(|| App::build(form))
    }

    fn build(form: &str) -> App {
        let project = copy(&root().join("tests/apps/numbers"));
        let file = project.path().join("pyproject.toml");
        let text = std::fs::read_to_string(&file).expect("a project");
        std::fs::write(&file, text.replace(FORMS[0], form)).expect("the project can be written");
        succeed(ampoule(project.path()).arg("build"));
        let mut configuration = Config::new();
        configuration.cranelift_opt_level(OptLevel::None);
        let engine = Engine::new(&configuration).expect("an engine");
        let component = Component::from_file(&engine, project.path().join("numbers.wasm")).expect("a component");
        let mut linker = linker(&engine).expect("WASI");
        App::define_echo(&component, &mut linker);
        App { component, linker }
    }

    /// The host's functions: each gives back what it is given.
    fn define_echo(component: &Component, linker: &mut Linker<State>) {
        let component_type = component.component_type();
        let echo = component_type.get_import(component.engine(), ECHO);
        let ComponentItem::ComponentInstance(interface) = echo.expect("the app imports it").ty else {
            panic!("an interface")
        };
        let mut instance = linker.instance(ECHO).expect("an interface");
        let functions = interface.exports(component.engine());
        for (name, _) in functions.filter(|(_, item)| matches!(item.ty, ComponentItem::ComponentFunc(_))) {
            let echo = instance.func_new(name, |_, _, arguments, results| {
                results.clone_from_slice(arguments);
                Ok(())
            });
            echo.expect("a function");
        }
    }

    fn start(&self) -> Running {
        let state = State::new(WasiCtx::builder().inherit_stderr().build());
        let mut store = Store::new(self.component.engine(), state);
        let instance = self.linker.instantiate(&mut store, &self.component);
        Running {
            instance: instance.expect("an instance"),
            store,
        }
    }
}

struct Running {
    store: Store<State>,
    instance: Instance,
}

impl Running {
    fn function(&mut self, interface: Option<&str>, name: &str) -> wasmtime::component::Func {
        let interface = interface.map(|interface| {
            let index = self.instance.get_export_index(&mut self.store, None, interface);
            index.expect("the world has this interface")
        });
        let index = self
            .instance
            .get_export_index(&mut self.store, interface.as_ref(), name);
        let index = index.expect("the world has this function");
        self.instance.get_func(&mut self.store, index).expect("a function")
    }

    fn typed<Argument: Lower + wasmtime::component::ComponentNamedList>(
        &mut self,
        interface: &str,
        name: &str,
    ) -> TypedFunc<Argument, (Vec<f64>,)> {
        let function = self.function(Some(interface), name);
        function.typed(&self.store).expect("it has this type")
    }

    /// A value for the parameter of a function of the interface.
    fn value(&mut self, function: &str, wave: &str) -> Val {
        let kind = self.function(Some(ECHO), function).ty(&self.store);
        let (_, parameter) = kind.params().next().expect("it has a parameter");
        Val::from_wave(&parameter, wave).expect("it is a value of this type")
    }

    fn call(&mut self, interface: Option<&str>, name: &str, arguments: &[Val]) -> Val {
        let function = self.function(interface, name);
        let mut results = [Val::Bool(false)];
        function
            .call(&mut self.store, arguments, &mut results)
            .unwrap_or_else(|error| panic!("{name}({arguments:?}): {error:?}"));
        let [result] = results;
        result
    }

    fn check(&mut self, name: &str) -> String {
        match self.call(None, "check", &[Val::String(name.to_string())]) {
            Val::String(text) => text,
            other => panic!("{other:?} is no string"),
        }
    }

    fn blocks(&mut self) -> u32 {
        match self.call(None, "blocks", &[]) {
            Val::U32(count) => count,
            other => panic!("{other:?} is no number"),
        }
    }
}

//! The imports of the component: each gives its argument back and counts the call.

use crate::bindings::EchoImports;
use crate::bindings::Note;
use crate::bindings::example::echo::compounds::{self, Color, Permission, Person, Point, Shape, Sixteen, ThirtyTwo};
use crate::bindings::example::echo::failures::{self, Problem};
use crate::bindings::example::echo::{lists, maps, scalars};
use crate::bindings::inward::{self, Ticket};
use std::collections::HashMap;
use wasmtime::component::{ResourceTable, Val};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// What the component's store holds.
pub struct Host {
    context: WasiCtx,
    table: ResourceTable,
    /// How many imports were called.
    pub calls: usize,
    /// What the component logged.
    pub log: Vec<String>,
}

impl Host {
    /// A host that shows what the component prints.
    pub fn new() -> Host {
        Host {
            context: WasiCtx::builder().inherit_stdout().inherit_stderr().build(),
            table: ResourceTable::new(),
            calls: 0,
            log: Vec::new(),
        }
    }

    /// Counts the call of an import, and keeps what it logs.
    pub fn called(&mut self, function: &str, arguments: &[Val]) {
        self.calls += 1;
        if let ("log", [Val::String(message)]) = (function, arguments) {
            self.log.push(message.clone());
        }
    }
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.context,
            table: &mut self.table,
        }
    }
}

/// Methods that give their argument back.
macro_rules! echoes {
    ($($name:ident: $kind:ty;)*) => {
        $(
            fn $name(&mut self, value: $kind) -> $kind {
                self.calls += 1;
                value
            }
        )*
    };
}

/// The result of `scalars.echo-many`.
pub type Many = (
    bool,
    u8,
    u16,
    u32,
    u64,
    i8,
    i16,
    i32,
    i64,
    f32,
    f64,
    char,
    String,
    Vec<u8>,
    Option<u32>,
    (String, f64),
);

impl scalars::Host for Host {
    echoes! {
        echo_bool: bool;
        echo_u8: u8;
        echo_u16: u16;
        echo_u32: u32;
        echo_u64: u64;
        echo_s8: i8;
        echo_s16: i16;
        echo_s32: i32;
        echo_s64: i64;
        echo_f32: f32;
        echo_f64: f64;
        echo_char: char;
        echo_string: String;
    }

    fn nothing(&mut self) {
        self.calls += 1;
    }

    fn echo_many(
        &mut self,
        a: bool,
        b: u8,
        c: u16,
        d: u32,
        e: u64,
        f: i8,
        g: i16,
        h: i32,
        i: i64,
        j: f32,
        k: f64,
        l: char,
        m: String,
        n: Vec<u8>,
        o: Option<u32>,
        p: (String, f64),
    ) -> Many {
        self.calls += 1;
        (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
    }
}

impl lists::Host for Host {
    echoes! {
        echo_bools: Vec<bool>;
        echo_u8s: Vec<u8>;
        echo_u16s: Vec<u16>;
        echo_u32s: Vec<u32>;
        echo_u64s: Vec<u64>;
        echo_s8s: Vec<i8>;
        echo_s16s: Vec<i16>;
        echo_s32s: Vec<i32>;
        echo_s64s: Vec<i64>;
        echo_f32s: Vec<f32>;
        echo_f64s: Vec<f64>;
        echo_chars: Vec<char>;
        echo_strings: Vec<String>;
        echo_nested: Vec<Vec<String>>;
        echo_pairs: Vec<(String, u8)>;
        echo_byte_strings: Vec<Vec<u8>>;
        echo_optional_bools: Vec<Option<bool>>;
    }
}

impl compounds::Host for Host {
    echoes! {
        echo_point: Point;
        echo_person: Person;
        echo_people: Vec<Person>;
        echo_shape: Shape;
        echo_shapes: Vec<Shape>;
        echo_color: Color;
        echo_colors: Vec<Color>;
        echo_permission: Permission;
        echo_sixteen: Sixteen;
        echo_thirty_two: ThirtyTwo;
        echo_size: u32;
        echo_single: (String,);
        echo_tuple: (u8, String, Point);
        echo_option: Option<String>;
        echo_nested_option: Option<Option<u32>>;
        echo_deep_option: Option<Option<Option<String>>>;
        echo_option_result: Option<Result<u32, String>>;
        echo_results: Vec<Result<u32, String>>;
        echo_unit_results: Vec<Result<(), ()>>;
    }
}

impl failures::Host for Host {
    echoes! {
        echo_result: Result<i32, String>;
        echo_ok_only: Result<String, ()>;
        echo_error_only: Result<(), Problem>;
        echo_unit: Result<(), ()>;
        echo_mixed: Result<u8, f64>;
        echo_color: Result<Point, Color>;
        echo_inner: Result<Result<u8, String>, Color>;
    }
}

impl maps::Host for Host {
    echoes! {
        echo_map: HashMap<String, u32>;
        echo_points: HashMap<u8, Point>;
        echo_nested: HashMap<String, HashMap<char, Vec<String>>>;
    }
}

impl inward::Host for Host {
    echoes! {
        echo_ticket: Ticket;
    }
}

impl EchoImports for Host {
    echoes! {
        echo_note: Note;
    }

    fn log(&mut self, message: String) {
        self.calls += 1;
        self.log.push(message);
    }
}

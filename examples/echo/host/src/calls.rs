//! The calls, an interface after the other.

use crate::Checked;
use crate::bindings::exports::example::echo::compounds::{Color, Permission, Person, Point, Shape, Sixteen, ThirtyTwo};
use crate::bindings::exports::example::echo::failures::Problem;
use crate::bindings::exports::outward::Reply;
use crate::bindings::{Echo, Note};
use crate::host::Host;
use crate::values::{
    chars, f32s, f64s, lists, options, results, s8s, s16s, s32s, s64s, strings, u8s, u16s, u32s, u64s,
};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use wasmtime::{Result, Store};

/// The calls made so far, and the store that they are made in.
pub struct Calls {
    store: Store<Host>,
    /// What they gave.
    pub checked: Checked,
}

/// Calls a function with each of the values and compares; the value is the name before the arrow.
macro_rules! echo {
    ($calls:ident, $value:ident => $guest:ident.$function:ident($argument:expr), $values:expr) => {
        for $value in $values {
            let returned = $guest.$function(&mut $calls.store, $argument)?;
            $calls.compare(stringify!($function), &$value, &returned, 1);
        }
    };
}

impl Calls {
    /// No calls yet.
    pub fn new(store: Store<Host>) -> Calls {
        Calls {
            store,
            checked: Checked::default(),
        }
    }

    /// All calls, once each.
    pub fn round(&mut self, echo: &Echo) -> Result<()> {
        self.scalars(echo)?;
        self.lists(echo)?;
        self.compounds(echo)?;
        self.failures(echo)?;
        self.maps(echo)?;
        self.outward(echo)?;
        self.world(echo)
    }

    /// Compares as text, which tells zeros of both signs apart and holds not-a-number equal to itself, and checks that the call
    /// has called this many imports.
    fn compare<T: Debug, R: Debug>(&mut self, function: &str, given: &T, returned: &R, imports: usize) {
        self.checked.calls += 1;
        let (given, returned) = (format!("{given:?}"), format!("{returned:?}"));
        if given != returned {
            let difference = format!("{function}: gave {}, got {}", shorten(&given), shorten(&returned));
            self.checked.differences.push(difference);
        }
        let called = std::mem::take(&mut self.store.data_mut().calls);
        if called != imports {
            let difference = format!("{function}: {called} imports were called, not {imports}");
            self.checked.differences.push(difference);
        }
    }

    /// The interface `scalars`.
    fn scalars(&mut self, echo: &Echo) -> Result<()> {
        let guest = echo.example_echo_scalars();
        echo!(self, value => guest.call_echo_bool(value), [false, true]);
        echo!(self, value => guest.call_echo_u8(value), u8s());
        echo!(self, value => guest.call_echo_u16(value), u16s());
        echo!(self, value => guest.call_echo_u32(value), u32s());
        echo!(self, value => guest.call_echo_u64(value), u64s());
        echo!(self, value => guest.call_echo_s8(value), s8s());
        echo!(self, value => guest.call_echo_s16(value), s16s());
        echo!(self, value => guest.call_echo_s32(value), s32s());
        echo!(self, value => guest.call_echo_s64(value), s64s());
        echo!(self, value => guest.call_echo_f32(value), f32s());
        echo!(self, value => guest.call_echo_f64(value), f64s());
        echo!(self, value => guest.call_echo_char(value), chars());
        echo!(self, value => guest.call_echo_string(&value), strings());
        guest.call_nothing(&mut self.store)?;
        self.compare("call_nothing", &(), &(), 1);
        self.many(echo)
    }

    /// The function of many parameters, with values that depend on the round.
    fn many(&mut self, echo: &Echo) -> Result<()> {
        let guest = echo.example_echo_scalars();
        for (round, text) in strings().into_iter().enumerate() {
            let pick = |length: usize| round % length;
            let scalars = (
                round % 2 == 0,
                u8s()[pick(9)],
                u16s()[pick(9)],
                u32s()[pick(9)],
                u64s()[pick(9)],
            );
            let signed = (s8s()[pick(9)], s16s()[pick(9)], s32s()[pick(9)], s64s()[pick(9)]);
            let floats = (f32s()[pick(11)], f64s()[pick(11)]);
            let others = (chars()[pick(13)], text, u8s(), options(u32s())[pick(10)]);
            let pair = (strings()[pick(7)].clone(), f64s()[pick(11)]);
            let returned = guest.call_echo_many(
                &mut self.store,
                scalars.0,
                scalars.1,
                scalars.2,
                scalars.3,
                scalars.4,
                signed.0,
                signed.1,
                signed.2,
                signed.3,
                floats.0,
                floats.1,
                others.0,
                &others.1,
                &others.2,
                others.3,
                (&pair.0, pair.1),
            )?;
            let (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) = returned;
            let returned = ((a, b, c, d, e), (f, g, h, i), (j, k), (l, m, n, o), p);
            self.compare("call_echo_many", &(scalars, signed, floats, others, pair), &returned, 1);
        }
        Ok(())
    }

    /// The interface `lists`.
    fn lists(&mut self, echo: &Echo) -> Result<()> {
        let guest = echo.example_echo_lists();
        echo!(self, value => guest.call_echo_bools(&value), lists(vec![true, false, true]));
        echo!(self, value => guest.call_echo_u8s(&value), lists(u8s()));
        echo!(self, value => guest.call_echo_u16s(&value), lists(u16s()));
        echo!(self, value => guest.call_echo_u32s(&value), lists(u32s()));
        echo!(self, value => guest.call_echo_u64s(&value), lists(u64s()));
        echo!(self, value => guest.call_echo_s8s(&value), lists(s8s()));
        echo!(self, value => guest.call_echo_s16s(&value), lists(s16s()));
        echo!(self, value => guest.call_echo_s32s(&value), lists(s32s()));
        echo!(self, value => guest.call_echo_s64s(&value), lists(s64s()));
        echo!(self, value => guest.call_echo_f32s(&value), lists(f32s()));
        echo!(self, value => guest.call_echo_f64s(&value), lists(f64s()));
        echo!(self, value => guest.call_echo_chars(&value), lists(chars()));
        echo!(self, value => guest.call_echo_strings(&value), [vec![], vec![String::new()], strings()]);
        echo!(self, value => guest.call_echo_nested(&value), [vec![], vec![vec![]], vec![strings(), vec![], strings()]]);
        let pairs = |values: Vec<(&str, u8)>| {
            values
                .into_iter()
                .map(|(text, number)| (text.to_string(), number))
                .collect()
        };
        let values: [Vec<(String, u8)>; 3] = [vec![], pairs(vec![("", 0)]), pairs(vec![("a", 1), ("蛇", 255)])];
        echo!(self, value => guest.call_echo_pairs(&value), values);
        echo!(self, value => guest.call_echo_byte_strings(&value), [vec![], lists(u8s())]);
        echo!(self, value => guest.call_echo_optional_bools(&value), lists(vec![None, Some(true), Some(false)]));
        Ok(())
    }

    /// The interface `compounds`.
    fn compounds(&mut self, echo: &Echo) -> Result<()> {
        let guest = echo.example_echo_compounds();
        echo!(self, value => guest.call_echo_point(value), points());
        echo!(self, value => guest.call_echo_person(&value), people());
        echo!(self, value => guest.call_echo_people(&value), lists(people()));
        echo!(self, value => guest.call_echo_shape(&value), shapes());
        echo!(self, value => guest.call_echo_shapes(&value), lists(shapes()));
        echo!(self, value => guest.call_echo_color(value), colors());
        echo!(self, value => guest.call_echo_colors(&value), lists(colors()));
        let permissions = [
            Permission::empty(),
            Permission::READ,
            Permission::WRITE | Permission::EXECUTE,
            Permission::READ | Permission::WRITE | Permission::EXECUTE,
        ];
        echo!(self, value => guest.call_echo_permission(value), permissions);
        let sixteen = [
            Sixteen::empty(),
            Sixteen::B0,
            Sixteen::B7 | Sixteen::B8,
            Sixteen::B15,
            Sixteen::all(),
        ];
        echo!(self, value => guest.call_echo_sixteen(value), sixteen);
        let thirty_two = [
            ThirtyTwo::empty(),
            ThirtyTwo::B0,
            ThirtyTwo::B15 | ThirtyTwo::B16,
            ThirtyTwo::B31,
            ThirtyTwo::all(),
        ];
        echo!(self, value => guest.call_echo_thirty_two(value), thirty_two);
        echo!(self, value => guest.call_echo_size(value), u32s());
        echo!(self, value => guest.call_echo_single((&value.0,)), strings().into_iter().map(|text| (text,)));
        let tuples = strings()
            .into_iter()
            .zip(points())
            .map(|(text, point)| (7, text, point));
        echo!(self, value => guest.call_echo_tuple((value.0, &value.1, value.2)), tuples);
        self.parametrised(echo)
    }

    /// The types of `compounds` that have type parameters.
    fn parametrised(&mut self, echo: &Echo) -> Result<()> {
        let guest = echo.example_echo_compounds();
        echo!(self, value => guest.call_echo_option(value.as_deref()), options(strings()));
        echo!(self, value => guest.call_echo_nested_option(value), options(options(u32s())));
        let deep = options(options(options(strings())));
        for value in deep {
            let borrowed = value.as_ref().map(|some| some.as_ref().map(|some| some.as_deref()));
            let returned = guest.call_echo_deep_option(&mut self.store, borrowed)?;
            self.compare("call_echo_deep_option", &value, &returned, 1);
        }
        let optional = options(results(u32s(), strings()));
        echo!(self, value => guest.call_echo_option_result(value.as_ref().map(borrowed)), optional);
        echo!(self, value => guest.call_echo_results(&value), lists(results(u32s(), strings()[..6].to_vec())));
        echo!(self, value => guest.call_echo_unit_results(&value), lists(vec![Ok(()), Err(())]));
        Ok(())
    }

    /// The interface `failures`.
    fn failures(&mut self, echo: &Echo) -> Result<()> {
        let guest = echo.example_echo_failures();
        echo!(self, value => guest.call_echo_result(borrowed(&value)), results(s32s(), strings()));
        echo!(self, value => guest.call_echo_ok_only(value.as_deref().or(Err(()))), results(strings(), vec![()]));
        let problems = strings()
            .into_iter()
            .zip(u32s())
            .map(|(message, code)| Problem { code, message });
        let problems = results(vec![()], problems.collect());
        echo!(self, value => guest.call_echo_error_only(value.as_ref().and(Ok(()))), problems);
        echo!(self, value => guest.call_echo_unit(value), [Ok(()), Err(())]);
        echo!(self, value => guest.call_echo_mixed(value), results(u8s(), f64s()));
        echo!(self, value => guest.call_echo_color(value), results(points(), colors()));
        let inner = results(results(u8s(), strings()), colors());
        echo!(self, value => guest.call_echo_inner(value.as_ref().map(borrowed).map_err(|color| *color)), inner);
        Ok(())
    }

    /// The interface `maps`; they are compared in the order of their keys.
    fn maps(&mut self, echo: &Echo) -> Result<()> {
        let guest = echo.example_echo_maps();
        let texts = strings();
        let numbers: HashMap<&str, u32> = texts.iter().map(String::as_str).zip(u32s()).collect();
        for value in [HashMap::new(), numbers] {
            let returned = guest.call_echo_map(&mut self.store, value.clone())?;
            let returned: BTreeMap<String, u32> = returned.into_iter().collect();
            self.compare("call_echo_map", &sorted(value), &returned, 1);
        }
        let value: HashMap<u8, Point> = u8s().into_iter().zip(points()).collect();
        let returned = guest.call_echo_points(&mut self.store, value.clone())?;
        self.compare("call_echo_points", &sorted(value), &sorted(returned), 1);
        let columns = lists(texts[..4].to_vec());
        let inner: HashMap<char, &[String]> = chars().into_iter().zip(columns.iter().map(Vec::as_slice)).collect();
        let value = HashMap::from([("", HashMap::new()), ("inner", inner)]);
        let returned = guest.call_echo_nested(&mut self.store, value.clone())?;
        self.compare("call_echo_nested", &sorted_twice(value), &sorted_twice(returned), 1);
        Ok(())
    }

    /// The inline interface `outward`, whose functions call the inline import and the world's import.
    fn outward(&mut self, echo: &Echo) -> Result<()> {
        let guest = echo.outward();
        for number in u64s() {
            let value = Reply::Accepted(number);
            let returned = guest.call_echo_reply(&mut self.store, value)?;
            self.compare("call_echo_reply", &value, &returned, 1);
        }
        for color in colors() {
            let value = Reply::Refused(color);
            let returned = guest.call_echo_reply(&mut self.store, value)?;
            self.compare("call_echo_reply", &value, &returned, 1);
        }
        let returned = guest.call_echo_reply(&mut self.store, Reply::Pending)?;
        self.compare("call_echo_reply", &Reply::Pending, &returned, 0);
        let count = guest.call_shout(&mut self.store, &["one".to_string(), "zwölf".to_string()])?;
        self.compare("call_shout", &2, &count, 2);
        let log = std::mem::take(&mut self.store.data_mut().log);
        self.compare("log", &["ONE", "ZWÖLF"], &log, 0);
        Ok(())
    }

    /// The functions of the world itself.
    fn world(&mut self, echo: &Echo) -> Result<()> {
        for author in options(people()) {
            let note = Note {
                author: author.map(imported),
                text: "a note".to_string(),
            };
            let returned = echo.call_echo_note(&mut self.store, &note)?;
            self.compare("call_echo_note", &note, &returned, 1);
        }
        let parts = ["a".to_string(), "b".to_string(), "蛇".to_string()];
        for (separator, joined) in [(None, "a, b, 蛇"), (Some(""), "ab蛇"), (Some(" + "), "a + b + 蛇")] {
            let returned = echo.call_join(&mut self.store, &parts, separator)?;
            self.compare("call_join", &joined, &returned, 0);
        }
        Ok(())
    }
}

fn sorted<K: Ord, V>(map: HashMap<K, V>) -> BTreeMap<K, V> {
    map.into_iter().collect()
}

fn sorted_twice<A: Ord, K: Ord, V>(map: HashMap<A, HashMap<K, V>>) -> BTreeMap<A, BTreeMap<K, V>> {
    map.into_iter().map(|(key, inner)| (key, sorted(inner))).collect()
}

/// The same result with the error borrowed, as the calls take it.
fn borrowed<T: Copy>(result: &Result<T, String>) -> Result<T, &str> {
    match result {
        Ok(value) => Ok(*value),
        Err(error) => Err(error),
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}... ({} bytes)", &text[..end], text.len()),
        None => text.to_string(),
    }
}

fn points() -> Vec<Point> {
    let pairs = f64s().into_iter().zip(f64s().into_iter().rev());
    pairs.map(|(x, y)| Point { x, y }).collect()
}

fn people() -> Vec<Person> {
    let homes = strings().into_iter().take(7).zip(points());
    homes
        .enumerate()
        .map(|(number, (name, home))| Person {
            age: options(u8s())[number % 10],
            tags: strings()[..number % 4].to_vec(),
            name,
            home,
        })
        .collect()
}

/// The same person in the type of the imports, which the world's own types refer to.
fn imported(person: Person) -> crate::bindings::example::echo::compounds::Person {
    crate::bindings::example::echo::compounds::Person {
        name: person.name,
        age: person.age,
        tags: person.tags,
        home: crate::bindings::example::echo::compounds::Point {
            x: person.home.x,
            y: person.home.y,
        },
    }
}

fn shapes() -> Vec<Shape> {
    let mut shapes = vec![Shape::Nothing, Shape::Polygon(Vec::new()), Shape::Polygon(points())];
    shapes.extend(points().into_iter().map(Shape::Circle));
    shapes.extend(strings()[..6].iter().cloned().map(Shape::Label));
    shapes.extend(f32s().into_iter().map(Shape::Scale));
    shapes
}

fn colors() -> Vec<Color> {
    vec![Color::Red, Color::LightGreen, Color::Blue]
}

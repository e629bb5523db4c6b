//! The numbers of a function's streams and futures in the names of their built-ins, such as 1 in `[stream-new-1]f`.
//!
//! They count what `wit_parser::Function::find_futures_and_streams` finds. wit-dylib, for which a fixed-length list is a tuple,
//! finds those of its items as often as there are items; the component's encoder finds them once.

use crate::order::{functions_of, parts};
use std::collections::BTreeMap;
use wit_parser::{Function, Resolve, Type, TypeDefKind, WorldId, WorldItem};

/// By the module that the built-ins are imported from, then the function: for each number of wit-dylib's, the right one.
pub(crate) type Numbers = BTreeMap<String, BTreeMap<String, Vec<usize>>>;

/// The numbers of the functions of which wit-dylib counts other ones.
pub(crate) fn numbers(resolve: &Resolve, world: WorldId) -> Numbers {
    let world = &resolve.worlds[world];
    let mut numbers = Numbers::new();
    for (prefix, items) in [("", &world.imports), ("[export]", &world.exports)] {
        for (key, item) in items {
            let module = match item {
                WorldItem::Interface { .. } => resolve.name_world_key(key),
                _ => "$root".to_string(),
            };
            for function in functions_of(resolve, item) {
                let found = of_function(resolve, function);
                if found.iter().enumerate().any(|(place, number)| place != *number) {
                    let module = numbers.entry(format!("{prefix}{module}")).or_default();
                    module.insert(function.name.clone(), found);
                }
            }
        }
    }
    numbers
}

/// The name that the encoder has for a built-in that wit-dylib imports, if it is another one.
pub(crate) fn renamed(numbers: &Numbers, module: &str, name: &str) -> Option<String> {
    numbers.get(module)?.iter().find_map(|(function, numbers)| {
        let builtin = name.strip_suffix(function.as_str())?.strip_suffix(']')?;
        let (builtin, number) = builtin.rsplit_once('-')?;
        let number = numbers.get(number.parse::<usize>().ok()?)?;
        Some(format!("{builtin}-{number}]{function}"))
    })
}

fn of_function(resolve: &Resolve, function: &Function) -> Vec<usize> {
    let mut found = Found::default();
    let parameters = function.params.iter().map(|parameter| parameter.ty);
    for ty in parameters.chain(function.result) {
        found.look(resolve, ty);
    }
    found.numbers
}

#[derive(Default)]
struct Found {
    /// The number of the next stream or future, counted once.
    next: usize,
    numbers: Vec<usize>,
}

impl Found {
    fn look(&mut self, resolve: &Resolve, ty: Type) {
        let Type::Id(id) = ty else { return };
        match &resolve.types[id].kind {
            TypeDefKind::Future(payload) | TypeDefKind::Stream(payload) => {
                self.look_at_all(resolve, payload.iter().copied());
                self.numbers.push(self.next);
                self.next += 1;
            }
            TypeDefKind::FixedLengthList(item, length) => self.look_at_list(resolve, *item, *length),
            TypeDefKind::Handle(_) => {}
            _ => self.look_at_all(resolve, parts(resolve, id)),
        }
    }

    fn look_at_all(&mut self, resolve: &Resolve, types: impl IntoIterator<Item = Type>) {
        types.into_iter().for_each(|ty| self.look(resolve, ty));
    }

    fn look_at_list(&mut self, resolve: &Resolve, item: Type, length: u32) {
        let start = self.numbers.len();
        self.look(resolve, item);
        let once = self.numbers[start..].to_vec();
        for _ in 1..length {
            self.numbers.extend(&once);
        }
    }
}

//! The calls of the component's exports.

use crate::bindings::Resources;
use crate::bindings::exports::example::resources::things::{Choice, Found, Mixed, Owner, Reader};
use crate::host::Host;
use std::fmt::Debug;
use wasmtime::component::ResourceAny;
use wasmtime::{Result, Store};

/// The component, and what was found.
pub struct Calls {
    store: Store<Host>,
    world: Resources,
    /// A line for each thing that is not as it should be.
    pub differences: Vec<String>,
}

impl Calls {
    /// Nothing is called yet.
    pub fn new(store: Store<Host>, world: Resources) -> Calls {
        Calls {
            store,
            world,
            differences: Vec::new(),
        }
    }

    fn expect<T: PartialEq + Debug>(&mut self, what: &str, expected: T, found: T) {
        if expected != found {
            self.differences
                .push(format!("{what}: expected {expected:?}, found {found:?}"));
        }
    }

    /// What the component checks as a caller of the host.
    pub fn own_checks(&mut self) -> Result<()> {
        let names = self.world.call_checks(&mut self.store)?;
        self.expect("there are many checks", true, names.len() > 10);
        for name in names {
            let outcome = self.world.call_check(&mut self.store, &name)?;
            self.expect(&name, Ok(()), outcome);
        }
        let left = (self.store.data().counters, self.store.data().things);
        self.expect("what the checks leave of the host's resources", (0, 0), left);
        Ok(())
    }

    fn thing(&mut self, text: &str) -> Result<ResourceAny> {
        let things = self.world.example_resources_things().thing();
        things.call_constructor(&mut self.store, text)
    }

    fn text(&mut self, thing: ResourceAny) -> Result<String> {
        let things = self.world.example_resources_things().thing();
        things.call_get(&mut self.store, thing)
    }

    /// The text of a thing that is dropped then.
    fn take(&mut self, thing: ResourceAny) -> Result<String> {
        let text = self.text(thing)?;
        thing.resource_drop(&mut self.store)?;
        Ok(text)
    }

    /// The component's things, each of which has one of the host's.
    pub fn things(&mut self) -> Result<()> {
        let thing = self.thing("a")?;
        let same = self.thing("b")?;
        let text = self.text(thing)?;
        self.expect("get", "a made got".to_string(), text);
        let guest = self.world.example_resources_things().thing();
        guest.call_set(&mut self.store, thing, "c")?;
        let twin = guest.call_twin(&mut self.store, thing, true)?;
        let none = guest.call_twin(&mut self.store, thing, false)?;
        let (is_same, is_other) = (
            guest.call_same(&mut self.store, thing, thing)?,
            guest.call_same(&mut self.store, thing, same)?,
        );
        self.expect("same", (true, false), (is_same, is_other));
        self.expect("no twin", true, none.is_none());
        self.expect("things of the host", 2, self.store.data().things);
        let twin = twin.map(|twin| self.take(twin)).transpose()?;
        self.expect("twin", Some("c set got".to_string()), twin);
        let joined = self.world.example_resources_things().thing();
        let joined = joined.call_join(&mut self.store, thing, same)?;
        self.expect("things after joining two", 1, self.store.data().things);
        let text = self.take(joined)?;
        self.expect("join", "c set and b made got".to_string(), text);
        self.expect("things after dropping all", 0, self.store.data().things);
        self.everywhere()?;
        self.back()
    }

    fn everywhere(&mut self) -> Result<()> {
        let names = [
            "1", "2", "3", "3", "4", "4", "5", "6", "7", "8", "8", "9", "10", "11", "12", "13",
        ];
        let made: Vec<ResourceAny> = names.iter().map(|name| self.thing(name)).collect::<Result<_>>()?;
        let [
            one,
            two,
            lent,
            owned,
            four,
            four_too,
            five,
            six,
            seven,
            eight,
            eight_too,
            nine,
            ten,
            eleven,
            twelve,
            thirteen,
        ] = made[..]
        else {
            unreachable!("there are as many names");
        };
        let plain = self.world.example_resources_things().call_everywhere(
            &mut self.store,
            Owner { thing: one },
            Reader { thing: two },
            Mixed { lent, owned, count: 3 },
            (four, Owner { thing: four_too }),
            (five,),
            Choice::Owned(six),
            Choice::Lent(seven),
            &vec![eight, eight_too],
            &[nine],
            Some(ten),
            Some(eleven),
            Ok(twelve),
            Err(thirteen),
        )?;
        let expected: Vec<String> = names.iter().map(|name| format!("{name} made")).collect();
        self.expect("everywhere", expected.join(" "), plain.text);
        let lent = [two, lent, five, seven, nine, eleven, thirteen];
        self.expect(
            "things that were only lent",
            lent.len(),
            self.store.data().things as usize,
        );
        for thing in lent {
            thing.resource_drop(&mut self.store)?;
        }
        self.expect("things after everywhere", 0, self.store.data().things);
        Ok(())
    }

    fn back(&mut self) -> Result<()> {
        let things = self.world.example_resources_things();
        let (owner, found, shelf, ten, twelve) = things.call_back(&mut self.store, "n")?;
        let mut texts = vec![self.take(owner.thing)?];
        if let Found::Here(thing) = found {
            texts.push(self.take(thing)?);
        }
        for thing in shelf
            .into_iter()
            .chain(ten.flatten())
            .chain(twelve.err().map(|owner| owner.thing))
        {
            texts.push(self.take(thing)?);
        }
        let expected: Vec<String> = (1..=6).map(|number| format!("n{number} got")).collect();
        self.expect("back", expected, texts);
        let things = self.world.example_resources_things();
        let failed = things.call_fail(&mut self.store, "broken")?.err();
        let failed = failed.map(|thing| self.take(thing)).transpose()?;
        self.expect("the error of fail", Some("broken got".to_string()), failed);
        let things = self.world.example_resources_things();
        let fine = things.call_fail(&mut self.store, "")?.unwrap_or_default();
        let fine: Vec<String> = fine
            .into_iter()
            .map(|owner| self.take(owner.thing))
            .collect::<Result<_>>()?;
        self.expect("the value of fail", vec!["fine got".to_string()], fine);
        self.expect("things after back and fail", 0, self.store.data().things);
        Ok(())
    }

    /// The same things under other names.
    pub fn aliases(&mut self) -> Result<()> {
        let (a, b) = (self.thing("a")?, self.thing("b")?);
        let aliases = self.world.example_resources_aliases();
        let (first, second) = aliases.call_swap(&mut self.store, a, Owner { thing: b })?;
        let texts = (self.take(first)?, self.take(second.thing)?);
        self.expect("swap", ("b made got".to_string(), "a made got".to_string()), texts);
        self.expect("things after swap", 0, self.store.data().things);
        Ok(())
    }

    fn living(&mut self) -> Result<u32> {
        let gauges = self.world.example_resources_gauges().gauge();
        gauges.call_living(&mut self.store)
    }

    /// Resources that only the component has.
    pub fn gauges(&mut self) -> Result<()> {
        let world = &self.world;
        let gauge = world.example_resources_gauges().gauge();
        let (first, second) = (
            gauge.call_constructor(&mut self.store, 1.5)?,
            gauge.call_make(&mut self.store, 2.5)?,
        );
        let failed = gauge.call_make(&mut self.store, -1.0)?.err();
        let level = gauge.call_level(&mut self.store, first)?;
        let mark = gauge.call_mark(&mut self.store, first)?;
        let is_mine = gauge.call_is_mine(&mut self.store, first, mark)?;
        self.expect("level", 1.5, level);
        self.expect("make", Some("-1.0 is below zero".to_string()), failed);
        self.expect("a mark is the same object", true, is_mine);
        let living = self.living()?;
        self.expect("living gauges", 2, living);
        self.world
            .example_resources_gauges()
            .call_keep(&mut self.store, first)?;
        if let Ok(second) = second {
            second.resource_drop(&mut self.store)?;
        }
        let living = self.living()?;
        self.expect("gauges, one of them the component's own", 1, living);
        let gauges = self.world.example_resources_gauges();
        let given = gauges.call_give(&mut self.store)?;
        let none = gauges.call_give(&mut self.store)?;
        self.expect("only one was kept", (true, true), (given.is_some(), none.is_none()));
        if let Some(gauge) = given {
            gauge.resource_drop(&mut self.store)?;
        }
        mark.resource_drop(&mut self.store)?;
        let living = self.living()?;
        self.expect("gauges after dropping all", 0, living);
        Ok(())
    }

    /// A resource of the world itself, which the host lends and gives away.
    pub fn tokens(&mut self) -> Result<()> {
        for name in ["first", "second"] {
            let token = self.store.data_mut().token(name)?;
            let passed = self.world.call_pass_token(&mut self.store, token)?;
            let lent = wasmtime::component::Resource::new_borrow(passed.rep());
            let read = self.world.call_read_token(&mut self.store, lent)?;
            self.expect("read-token", name.to_string(), read);
        }
        Ok(())
    }

    /// A resource of an interface that stands in the world.
    pub fn inline(&mut self) -> Result<()> {
        let handles = self.world.inline().handle();
        let handle = handles.call_constructor(&mut self.store, "text")?;
        let text = handles.call_text(&mut self.store, handle)?;
        handle.resource_drop(&mut self.store)?;
        self.expect("inline", "text".to_string(), text);
        Ok(())
    }

    /// Many resources on either side take no more memory than a few.
    pub fn memory(&mut self, rounds: u32) -> Result<()> {
        self.make_and_drop(1000)?;
        let before = self.store.data().memory;
        self.make_and_drop(rounds)?;
        let after = self.store.data().memory;
        self.expect("bytes of memory", before, after);
        let left = self.store.data().counters;
        self.expect("counters after all", 0, left);
        let living = self.living()?;
        self.expect("gauges after all", 0, living);
        Ok(())
    }

    fn make_and_drop(&mut self, rounds: u32) -> Result<()> {
        self.world.call_churn(&mut self.store, rounds)?;
        for _ in 0..rounds {
            let gauge = self.world.example_resources_gauges().gauge();
            let gauge = gauge.call_constructor(&mut self.store, 1.0)?;
            gauge.resource_drop(&mut self.store)?;
        }
        Ok(())
    }
}

//! The imports of the component: the resources that the host keeps in its table.

use crate::bindings::example::resources::things::{Choice, Found, Mixed, Owner, Plain, Reader};
use crate::bindings::example::resources::{aliases, counters, things};
use crate::bindings::{HostToken, ResourcesImports};
use wasmtime::component::{Resource, ResourceTable};
use wasmtime::{ResourceLimiter, Result};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// A number.
pub struct Counter(u32);

/// A counter that is watched.
pub struct Meter(Resource<Counter>);

/// A text.
pub struct Thing(String);

/// A name.
pub struct Token(String);

/// What the component's store holds.
pub struct Host {
    context: WasiCtx,
    table: ResourceTable,
    /// How many counters and meters there are.
    pub counters: u32,
    /// How many things and tokens there are.
    pub things: u32,
    /// How many bytes the component's memory has at most.
    pub memory: usize,
}

impl Host {
    /// A host that shows what the component prints.
    pub fn new() -> Host {
        Host {
            context: WasiCtx::builder().inherit_stdout().inherit_stderr().build(),
            table: ResourceTable::new(),
            counters: 0,
            things: 0,
            memory: 0,
        }
    }

    /// A token of the host's own.
    pub fn token(&mut self, name: &str) -> Result<Resource<Token>> {
        self.things += 1;
        Ok(self.table.push(Token(name.to_string()))?)
    }

    fn counter(&mut self, number: u32) -> Result<Resource<Counter>> {
        self.counters += 1;
        Ok(self.table.push(Counter(number))?)
    }

    fn take_counter(&mut self, counter: Resource<Counter>) -> Result<u32> {
        self.counters -= 1;
        Ok(self.table.delete(counter)?.0)
    }

    fn thing(&mut self, text: impl Into<String>) -> Result<Resource<Thing>> {
        self.things += 1;
        Ok(self.table.push(Thing(text.into()))?)
    }

    /// The text of a thing; one that the host owns now is gone afterwards.
    fn text(&mut self, thing: Resource<Thing>) -> Result<String> {
        if !thing.owned() {
            return Ok(self.table.get(&thing)?.0.clone());
        }
        self.things -= 1;
        Ok(self.table.delete(thing)?.0)
    }

    fn texts(&mut self, things: Vec<Resource<Thing>>) -> Result<Vec<String>> {
        things.into_iter().map(|thing| self.text(thing)).collect()
    }

    fn chosen(&mut self, choice: Choice) -> Result<String> {
        match choice {
            Choice::Owned(thing) | Choice::Lent(thing) => self.text(thing),
            Choice::Nothing => Ok("nothing".to_string()),
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

impl ResourceLimiter for Host {
    fn memory_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> Result<bool> {
        self.memory = self.memory.max(desired);
        Ok(true)
    }

    fn table_growing(&mut self, _current: usize, _desired: usize, _maximum: Option<usize>) -> Result<bool> {
        Ok(true)
    }
}

impl counters::Host for Host {
    fn watch(&mut self, counter: Resource<Counter>) -> Result<Resource<Meter>> {
        self.counters += 1;
        Ok(self.table.push(Meter(counter))?)
    }

    fn sum(&mut self, counters: Vec<Resource<Counter>>) -> Result<u64> {
        counters
            .iter()
            .try_fold(0, |sum, counter| Ok(sum + u64::from(self.table.get(counter)?.0)))
    }

    fn living(&mut self) -> Result<u32> {
        Ok(self.counters)
    }
}

impl counters::HostCounter for Host {
    fn new(&mut self, start: u32) -> Result<Resource<Counter>> {
        self.counter(start)
    }

    fn value(&mut self, counter: Resource<Counter>) -> Result<u32> {
        Ok(self.table.get(&counter)?.0)
    }

    fn add(&mut self, counter: Resource<Counter>, by: u32) -> Result<u32> {
        let counter = self.table.get_mut(&counter)?;
        counter.0 += by;
        Ok(counter.0)
    }

    fn join(&mut self, a: Resource<Counter>, b: Resource<Counter>) -> Result<Resource<Counter>> {
        let sum = self.take_counter(a)? + self.take_counter(b)?;
        self.counter(sum)
    }

    fn parse(&mut self, text: String) -> Result<Result<Resource<Counter>, String>> {
        Ok(match text.parse() {
            Ok(number) => Ok(self.counter(number)?),
            Err(_) => Err(format!("{text} is no number")),
        })
    }

    fn drop(&mut self, counter: Resource<Counter>) -> Result<()> {
        self.take_counter(counter).map(|_| ())
    }
}

impl counters::HostMeter for Host {
    fn show(&mut self, meter: Resource<Meter>) -> Result<String> {
        let counter = &self.table.get(&meter)?.0;
        Ok(self.table.get(counter)?.0.to_string())
    }

    fn drop(&mut self, meter: Resource<Meter>) -> Result<()> {
        let counter = self.table.delete(meter)?.0;
        self.counters -= 1;
        self.take_counter(counter).map(|_| ())
    }
}

impl things::HostThing for Host {
    fn new(&mut self, text: String) -> Result<Resource<Thing>> {
        self.thing(text)
    }

    fn get(&mut self, thing: Resource<Thing>) -> Result<String> {
        Ok(self.table.get(&thing)?.0.clone())
    }

    fn set(&mut self, thing: Resource<Thing>, text: String) -> Result<()> {
        self.table.get_mut(&thing)?.0 = text;
        Ok(())
    }

    fn join(&mut self, a: Resource<Thing>, b: Resource<Thing>) -> Result<Resource<Thing>> {
        let text = self.text(a)? + " and " + &self.text(b)?;
        self.thing(text)
    }

    fn twin(&mut self, thing: Resource<Thing>, really: bool) -> Result<Option<Resource<Thing>>> {
        let text = self.text(thing)?;
        if really { self.thing(text).map(Some) } else { Ok(None) }
    }

    fn same(&mut self, thing: Resource<Thing>, other: Resource<Thing>) -> Result<bool> {
        Ok(thing.rep() == other.rep())
    }

    fn drop(&mut self, thing: Resource<Thing>) -> Result<()> {
        self.text(thing).map(|_| ())
    }
}

impl things::Host for Host {
    fn everywhere(
        &mut self,
        one: Owner,
        two: Reader,
        three: Mixed,
        four: (Resource<Thing>, Owner),
        five: (Resource<Thing>,),
        six: Choice,
        seven: Choice,
        eight: Vec<Resource<Thing>>,
        nine: Vec<Resource<Thing>>,
        ten: Option<Resource<Thing>>,
        eleven: Option<Resource<Thing>>,
        twelve: Result<Resource<Thing>, ()>,
        thirteen: Result<String, Resource<Thing>>,
    ) -> Result<Plain> {
        let mut texts = vec![self.text(one.thing)?, self.text(two.thing)?];
        texts.extend(self.texts(vec![three.lent, three.owned, four.0, four.1.thing, five.0])?);
        texts.extend([self.chosen(six)?, self.chosen(seven)?]);
        texts.extend(self.texts(eight)?);
        texts.extend(self.texts(nine)?);
        texts.extend(self.texts(ten.into_iter().chain(eleven).chain(twelve.ok()).collect())?);
        texts.push(match thirteen {
            Ok(text) => text,
            Err(thing) => self.text(thing)?,
        });
        Ok(Plain { text: texts.join(" ") })
    }

    fn back(&mut self, text: String) -> Result<Back> {
        let mut thing = |number: u32| self.thing(format!("{text}{number}"));
        Ok((
            Owner { thing: thing(1)? },
            Found::Here(thing(2)?),
            vec![thing(3)?, thing(4)?],
            Some(Some(thing(5)?)),
            Err(Owner { thing: thing(6)? }),
        ))
    }

    fn fail(&mut self, text: String) -> Result<Result<Vec<Owner>, Resource<Thing>>> {
        if text.is_empty() {
            return Ok(Ok(vec![Owner {
                thing: self.thing("fine")?,
            }]));
        }
        self.thing(text).map(Err)
    }
}

/// What `things.back` returns.
type Back = (
    Owner,
    Found,
    Vec<Resource<Thing>>,
    Option<Option<Resource<Thing>>>,
    Result<Resource<Thing>, Owner>,
);

impl aliases::Host for Host {
    fn swap(&mut self, a: Resource<Thing>, b: Owner) -> Result<(Resource<Thing>, Owner)> {
        Ok((b.thing, Owner { thing: a }))
    }
}

impl HostToken for Host {
    fn new(&mut self, name: String) -> Result<Resource<Token>> {
        self.token(&name)
    }

    fn name(&mut self, token: Resource<Token>) -> Result<String> {
        Ok(self.table.get(&token)?.0.clone())
    }

    fn mint(&mut self, count: u32) -> Result<Vec<Resource<Token>>> {
        (0..count).map(|number| self.token(&number.to_string())).collect()
    }

    fn drop(&mut self, token: Resource<Token>) -> Result<()> {
        self.things -= 1;
        self.table.delete(token)?;
        Ok(())
    }
}

impl ResourcesImports for Host {
    fn spend(&mut self, token: Resource<Token>) -> Result<String> {
        self.things -= 1;
        Ok(format!("spent {}", self.table.delete(token)?.0))
    }
}

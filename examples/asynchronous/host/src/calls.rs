//! The calls.

use crate::bindings::{Asynchronous, Reading};
use crate::channels::{Incoming, Outgoing};
use crate::host::Host;
use futures::future::{try_join, try_join_all};
use std::fmt::Debug;
use tokio::sync::mpsc::unbounded_channel;
use wasmtime::Result;
use wasmtime::component::{Accessor, StreamReader};

/// How long an answer may take.
const MILLISECONDS: u32 = 500;

/// Makes all calls; gives a line for each difference.
pub async fn make(accessor: &Accessor<Host>, world: &Asynchronous) -> Result<Vec<String>> {
    let mut calls = Calls {
        accessor,
        world,
        differences: Vec::new(),
    };
    calls.at_once().await?;
    calls.woken().await?;
    calls.streamed().await?;
    Ok(calls.differences)
}

struct Calls<'a> {
    accessor: &'a Accessor<Host>,
    world: &'a Asynchronous,
    differences: Vec<String>,
}

impl Calls<'_> {
    /// A hundred calls, of each of which a part is cancelled when its time is up: together they take as long as one.
    async fn at_once(&mut self) -> Result<()> {
        let warmest = |places: &[&str]| {
            let places = places.iter().map(ToString::to_string).collect();
            self.world.call_warmest(self.accessor, places, MILLISECONDS)
        };
        let found = try_join_all((0..100).map(|_| warmest(&["Oslo", "Atlantis", "Lima", "Pluto"]))).await?;
        let of_none = warmest(&["Atlantis"]).await?;
        for found in found {
            self.compare("warmest", found.map(described), Ok("19 in Lima".to_string()));
        }
        let error = Err("no thermometer has answered".to_string());
        self.compare("warmest of none", of_none.map(described), error);
        Ok(())
    }

    /// A call that waits until another one has found what it waits for.
    async fn woken(&mut self) -> Result<()> {
        let alarm = self.world.call_alarm(self.accessor, 30.0);
        let places = vec!["Cairo".to_string()];
        let warmest = self.world.call_warmest(self.accessor, places, MILLISECONDS);
        let (alarm, _) = try_join(alarm, warmest).await?;
        self.compare("alarm", described(alarm), "31.5 in Cairo".to_string());
        Ok(())
    }

    /// A stream in each direction: each place is sent when the answer of the one before has come.
    async fn streamed(&mut self) -> Result<()> {
        let (places, incoming) = unbounded_channel();
        let (outgoing, mut readings) = unbounded_channel();
        let given = self
            .accessor
            .with(|store| StreamReader::new(store, Incoming(incoming)))?;
        let taken = self.world.call_follow(self.accessor, given).await?;
        self.accessor.with(|store| taken.pipe(store, Outgoing(outgoing)))?;
        for (place, expected) in [("Lima", "19 in Lima"), ("Oslo", "4.5 in Oslo")] {
            places.send(place.to_string())?;
            let reading = readings.recv().await.map(described);
            self.compare("follow", reading, Some(expected.to_string()));
        }
        places.send("Atlantis".to_string())?;
        drop(places);
        let end = readings.recv().await.map(described);
        self.compare("the end of follow", end, None);
        Ok(())
    }

    fn compare<T: PartialEq + Debug>(&mut self, call: &str, found: T, expected: T) {
        if found != expected {
            self.differences
                .push(format!("{call}: expected {expected:?}, found {found:?}"));
        }
    }
}

fn described(reading: Reading) -> String {
    format!("{} in {}", reading.celsius, reading.place)
}

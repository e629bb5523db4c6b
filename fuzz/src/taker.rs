//! What the host takes from streams and futures: in pieces, with pauses, each compared with what is planned.

use crate::chance::Pace;
use crate::ends::{End, most, not_yet};
use crate::host::State;
use crate::kind::{Channel, Kind};
use crate::payload::{Payload, Work, with_items};
use crate::transfer::receive;
use crate::value::Flow;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use wasmtime::component::{FutureConsumer, Source, StreamConsumer, StreamResult, Val};
use wasmtime::error::{Context as _, bail};
use wasmtime::{Result, StoreContextMut};

/// Takes a stream or a future from the app.
pub fn take(store: &mut StoreContextMut<State>, channel: &Channel, flow: &Flow, received: &Val) -> Result<()> {
    let received = received.clone();
    let work = Take {
        store,
        channel,
        flow,
        received,
    };
    with_items(channel.size, work)
}

struct Take<'a, 's> {
    store: &'a mut StoreContextMut<'s, State>,
    channel: &'a Channel,
    flow: &'a Flow,
    received: Val,
}

impl Work for Take<'_, '_> {
    type Outcome = Result<()>;

    fn with<P: Payload>(self) -> Result<()> {
        if self.flow.taken == 0 && !self.flow.items.is_empty() {
            return match self.received {
                Val::Stream(mut stream) => stream.close(self.store),
                Val::Future(mut future) => future.close(self.store),
                received => bail!("{received:?} has no end"),
            };
        }
        let taker = Taker {
            payload: self.channel.payload.clone(),
            flow: self.flow.clone(),
            is_stream: self.channel.is_stream,
            taken: 0,
            pace: Pace::new(self.flow.seed),
            end: self.store.data().ends.begin(),
            _items: PhantomData::<fn() -> P>,
        };
        match (self.received, self.channel.is_stream) {
            (Val::Stream(stream), true) => stream.try_into_stream_reader()?.pipe(self.store, taker),
            (Val::Future(future), false) => future.try_into_future_reader()?.pipe(self.store, taker),
            (received, _) => bail!("{received:?} is not {:?}", self.channel),
        }
    }
}

struct Taker<P> {
    payload: Kind,
    flow: Flow,
    is_stream: bool,
    taken: usize,
    pace: Pace,
    end: End,
    _items: PhantomData<fn() -> P>,
}

impl<P: Payload> Taker<P> {
    /// Compares items with those that come next.
    fn compare(&mut self, store: &mut StoreContextMut<State>, items: Vec<P>) -> Result<()> {
        for item in items {
            let (index, item) = (self.taken, item.value());
            let expected = self.flow.items.get(index);
            let expected = expected.with_context(|| format!("item {index} is more than is planned: {item:?}"))?;
            receive(store, &self.payload, expected, &item)
                .with_context(|| format!("item {index} is {item:?}, where {expected:?} is planned"))?;
            self.taken += 1;
        }
        Ok(())
    }
}

impl<P> Drop for Taker<P> {
    fn drop(&mut self) {
        let (taken, planned) = (self.taken, self.flow.taken);
        if taken < planned && !(self.is_stream && self.flow.abandoned) {
            let mistake = format!("{taken} items came of {planned} that are planned: {:?}", self.flow);
            self.end.report(mistake);
        }
    }
}

impl<P: Payload> StreamConsumer<State> for Taker<P> {
    type Item = P;

    fn poll_consume(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut store: StoreContextMut<State>,
        mut source: Source<'_, P>,
        finish: bool,
    ) -> Poll<Result<StreamResult>> {
        let this = self.get_mut();
        if !this.pace.goes_on(context) {
            return not_yet(finish);
        }
        let is_whole = this.flow.taken == this.flow.items.len();
        let most = match is_whole {
            true => most(&this.payload),
            false => most(&this.payload).min(this.flow.taken - this.taken),
        };
        let mut items = Vec::with_capacity(1 + this.pace.chance.below(most));
        let done = source
            .read(&mut store, &mut items)
            .and_then(|()| this.compare(&mut store, items));
        Poll::Ready(done.map(|()| match !is_whole && this.taken == this.flow.taken {
            true => StreamResult::Dropped,
            false => StreamResult::Completed,
        }))
    }
}

impl<P: Payload> FutureConsumer<State> for Taker<P> {
    type Item = P;

    fn poll_consume(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut store: StoreContextMut<State>,
        mut source: Source<'_, P>,
        finish: bool,
    ) -> Poll<Result<()>> {
        let this = self.get_mut();
        if !this.pace.goes_on(context) {
            return if finish { Poll::Ready(Ok(())) } else { Poll::Pending };
        }
        let mut item = None;
        let done = source.read(&mut store, &mut item);
        Poll::Ready(done.and_then(|()| this.compare(&mut store, item.into_iter().collect())))
    }
}

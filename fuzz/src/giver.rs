//! What the host gives through streams and futures: in pieces, with pauses.

use crate::chance::Pace;
use crate::ends::{End, most, not_yet};
use crate::host::State;
use crate::kind::{Channel, Kind};
use crate::payload::{Payload, Work, with_items};
use crate::transfer::lower;
use crate::value::{Flow, Value};
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use wasmtime::component::{
    Destination, FutureAny, FutureProducer, FutureReader, StreamAny, StreamProducer, StreamReader, StreamResult, Val,
    VecBuffer,
};
use wasmtime::error::Context as _;
use wasmtime::{Result, StoreContextMut};

/// Makes a stream or a future for the app.
pub fn give(store: &mut StoreContextMut<State>, channel: &Channel, flow: &Flow) -> Result<Val> {
    with_items(channel.size, Give { store, channel, flow })
}

struct Give<'a, 's> {
    store: &'a mut StoreContextMut<'s, State>,
    channel: &'a Channel,
    flow: &'a Flow,
}

impl Work for Give<'_, '_> {
    type Outcome = Result<Val>;

    fn with<P: Payload>(self) -> Result<Val> {
        let giver = Giver {
            payload: self.channel.payload.clone(),
            items: self.flow.items.clone().into(),
            pace: Pace::new(self.flow.seed),
            _end: self.store.data().ends.begin(),
            _items: PhantomData::<fn() -> P>,
        };
        let store = self.store;
        Ok(match self.channel.is_stream {
            true => {
                let reader = StreamReader::new(&mut *store, giver)?;
                Val::Stream(StreamAny::try_from_stream_reader(store, reader)?)
            }
            false => {
                let reader = FutureReader::new(&mut *store, giver)?;
                Val::Future(FutureAny::try_from_future_reader(store, reader)?)
            }
        })
    }
}

struct Giver<P> {
    payload: Kind,
    items: VecDeque<Value>,
    pace: Pace,
    _end: End,
    _items: PhantomData<fn() -> P>,
}

impl<P: Payload> Giver<P> {
    fn next(&mut self, store: &mut StoreContextMut<State>) -> Result<P> {
        let value = self.items.pop_front().context("a future is read once")?;
        lower(store, &self.payload, &value).map(P::new)
    }
}

impl<P: Payload> StreamProducer<State> for Giver<P> {
    type Item = P;
    type Buffer = VecBuffer<P>;

    fn poll_produce<'a>(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut store: StoreContextMut<'a, State>,
        mut destination: Destination<'a, P, VecBuffer<P>>,
        finish: bool,
    ) -> Poll<Result<StreamResult>> {
        let this = self.get_mut();
        if !this.pace.goes_on(context) {
            return not_yet(finish);
        }
        if destination.remaining(&mut store) == Some(0) {
            return Poll::Ready(Ok(StreamResult::Completed));
        }
        let most = most(&this.payload).min(this.items.len());
        let count = if most == 0 { 0 } else { 1 + this.pace.chance.below(most) };
        let items = (0..count).map(|_| this.next(&mut store));
        let items: Vec<P> = match items.collect() {
            Ok(items) => items,
            Err(error) => return Poll::Ready(Err(error)),
        };
        destination.set_buffer(items.into());
        let is_last = this.items.is_empty() && (count == 0 || this.pace.chance.below(2) == 0);
        Poll::Ready(Ok(match is_last {
            true => StreamResult::Dropped,
            false => StreamResult::Completed,
        }))
    }
}

impl<P: Payload> FutureProducer<State> for Giver<P> {
    type Item = P;

    fn poll_produce(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut store: StoreContextMut<State>,
        finish: bool,
    ) -> Poll<Result<Option<P>>> {
        let this = self.get_mut();
        if !this.pace.goes_on(context) {
            return if finish { Poll::Ready(Ok(None)) } else { Poll::Pending };
        }
        Poll::Ready(this.next(&mut store).map(Some))
    }
}

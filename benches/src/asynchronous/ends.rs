//! The host's ends of streams: they move bytes to and from the guest's memory, and do nothing else.

use crate::host::State;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::oneshot::Sender;
use wasmtime::StoreContextMut;
use wasmtime::component::{Destination, Source, StreamConsumer, StreamProducer, StreamResult, VecBuffer};

/// Gives so many bytes, as many at a time as the guest has room for.
pub struct Bytes(pub usize);

impl StreamProducer<State> for Bytes {
    type Item = u8;
    type Buffer = VecBuffer<u8>;

    fn poll_produce<'a>(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        store: StoreContextMut<'a, State>,
        destination: Destination<'a, u8, VecBuffer<u8>>,
        _: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let mut direct = destination.as_direct(store, 64 * 1024);
        let count = direct.remaining().len().min(self.0);
        direct.remaining()[..count].fill(7);
        direct.mark_written(count);
        self.0 -= count;
        Poll::Ready(Ok(match self.0 {
            0 => StreamResult::Dropped,
            _ => StreamResult::Completed,
        }))
    }
}

/// Gives the numbers below one, some thousand at a time.
pub struct Numbers(pub u32, pub u32);

impl StreamProducer<State> for Numbers {
    type Item = u32;
    type Buffer = VecBuffer<u32>;

    fn poll_produce<'a>(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: StoreContextMut<'a, State>,
        mut destination: Destination<'a, u32, VecBuffer<u32>>,
        _: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let end = self.1.min(self.0 + 4096);
        destination.set_buffer((self.0..end).collect::<Vec<u32>>().into());
        self.0 = end;
        Poll::Ready(Ok(match end == self.1 {
            true => StreamResult::Dropped,
            false => StreamResult::Completed,
        }))
    }
}

/// Takes bytes, so many at a time, and says when there are no more.
pub struct Taker {
    pub at_a_time: usize,
    pub taken: usize,
    pub done: Option<Sender<usize>>,
}

impl Drop for Taker {
    fn drop(&mut self) {
        if let Some(done) = self.done.take() {
            let _ = done.send(self.taken);
        }
    }
}

impl StreamConsumer<State> for Taker {
    type Item = u8;

    fn poll_consume(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        store: StoreContextMut<State>,
        source: Source<'_, u8>,
        _: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let mut direct = source.as_direct(store);
        let count = direct.remaining().len().min(self.at_a_time);
        direct.mark_read(count);
        self.taken += count;
        Poll::Ready(Ok(StreamResult::Completed))
    }
}

//! Streams of the component model as the two ends of tokio's channels.

use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use wasmtime::component::{Destination, Lift, Lower, Source, StreamConsumer, StreamProducer, StreamResult};
use wasmtime::{Result, StoreContextMut};

/// A stream of what comes through the channel, for the component to read.
pub struct Incoming<T>(pub UnboundedReceiver<T>);

impl<T: Lower + Send + Sync + Unpin + 'static, D> StreamProducer<D> for Incoming<T> {
    type Item = T;
    type Buffer = Option<T>;

    fn poll_produce<'a>(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        _: StoreContextMut<'a, D>,
        mut destination: Destination<'a, T, Option<T>>,
        finish: bool,
    ) -> Poll<Result<StreamResult>> {
        match self.0.poll_recv(context) {
            Poll::Ready(Some(item)) => {
                destination.set_buffer(Some(item));
                Poll::Ready(Ok(StreamResult::Completed))
            }
            Poll::Ready(None) => Poll::Ready(Ok(StreamResult::Dropped)),
            Poll::Pending if finish => Poll::Ready(Ok(StreamResult::Cancelled)),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Sends through the channel what the component writes; it is dropped when the component drops its end.
pub struct Outgoing<T>(pub UnboundedSender<T>);

impl<T: Lift + Send + 'static, D> StreamConsumer<D> for Outgoing<T> {
    type Item = T;

    fn poll_consume(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        mut store: StoreContextMut<D>,
        mut source: Source<'_, T>,
        _: bool,
    ) -> Poll<Result<StreamResult>> {
        let mut items = Vec::with_capacity(source.remaining(&mut store));
        source.read(store, &mut items)?;
        let is_wanted = items.into_iter().all(|item| self.0.send(item).is_ok());
        Poll::Ready(Ok(match is_wanted {
            true => StreamResult::Completed,
            false => StreamResult::Dropped,
        }))
    }
}

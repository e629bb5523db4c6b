//! The body of a request. What its instance does not read is read nevertheless, as a connection that is closed before its client has sent
//! everything takes the answer with it (RFC 9112, 9.6).

use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::header::EXPECT;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::timeout;

/// How long a client may send what nobody reads.
const LINGERING: Duration = Duration::from_secs(30);

/// How long such a client may send nothing.
const SILENCE: Duration = Duration::from_secs(5);

/// A body that a client sends.
pub struct Received {
    body: Option<Incoming>,
    /// Whether the client sends it unasked.
    is_sent: bool,
}

impl Received {
    /// The request with such a body.
    pub fn of(request: Request<Incoming>) -> Request<Received> {
        let is_sent = !request.headers().contains_key(EXPECT);
        request.map(|body| Received {
            body: Some(body),
            is_sent,
        })
    }
}

impl Body for Received {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(Incoming::size_hint).unwrap_or_default()
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        let unread = self.body.take().filter(|body| self.is_sent && !body.is_end_stream());
        if let (Some(body), Ok(runtime)) = (unread, Handle::try_current()) {
            runtime.spawn(timeout(LINGERING, discard(body)));
        }
    }
}

/// Reads a body until its end, or until its client sends no more.
async fn discard(mut body: Incoming) {
    while let Ok(Some(Ok(_))) = timeout(SILENCE, body.frame()).await {}
}

//! The body of a response, which breaks off where its instance has failed: no client takes a part for the whole.

use ampoule_action::print_message;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};
use wasmtime_wasi_http::Error;
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;

/// Why an instance has failed, if it has. To be said before its store goes, with which its bodies end.
pub type Reason = Arc<OnceLock<String>>;

/// A body that an instance writes.
pub struct Written {
    request: String,
    body: HyperOutgoingBody,
    reason: Reason,
    /// What has failed, and is not told yet.
    failure: Option<Error>,
}

impl Written {
    /// What answers a request.
    pub fn new(request: String, body: HyperOutgoingBody, reason: Reason) -> Written {
        Written {
            request,
            body,
            reason,
            failure: None,
        }
    }

    /// Tells of a failure at the next call: at this one what was written before is sent, which hyper drops with a body that fails.
    fn fail(&mut self, error: Error, context: &Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        self.failure = Some(error);
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Body for Written {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        if let Some(error) = self.failure.take() {
            return Poll::Ready(Some(Err(error)));
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_none()
            && let Some(reason) = self.reason.get().cloned()
        {
            let request = &self.request;
            print_message(format_args!("error: the answer to {request} breaks off: {reason}"));
            return self.fail(Error::InternalError(Some(reason)), context);
        }
        match frame {
            Some(Err(error)) => self.fail(error, context),
            frame => Poll::Ready(frame),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

//! The host's ends of streams and futures: how many are open, and what has gone wrong with them.

use crate::kind::Kind;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use wasmtime::Result;
use wasmtime::component::StreamResult;
use wasmtime::error::bail;

/// As many items as the host gives or takes at once.
const MOST_AT_ONCE: usize = 6;

/// The same of bytes.
const MOST_BYTES: usize = 60;

/// The ends that the host has, and what has gone wrong with them.
#[derive(Clone, Default)]
pub struct Ends(Arc<Mutex<Book>>);

#[derive(Default)]
struct Book {
    open: usize,
    mistakes: Vec<String>,
}

impl Ends {
    /// How many have not come to their end.
    pub fn open(&self) -> usize {
        self.with(|book| book.open)
    }

    /// Fails where one has not done what is planned.
    pub fn check(&self) -> Result<()> {
        let mistakes = self.with(|book| std::mem::take(&mut book.mistakes));
        match mistakes.is_empty() {
            true => Ok(()),
            false => bail!("{}", mistakes.join("\n")),
        }
    }

    fn with<T>(&self, then: impl FnOnce(&mut Book) -> T) -> T {
        then(&mut self.0.lock().expect("nobody panics with it"))
    }

    /// There is one more.
    pub fn begin(&self) -> End {
        self.with(|book| book.open += 1);
        End(self.clone())
    }
}

/// One of them, until it is dropped.
pub struct End(Ends);

impl End {
    /// It has not done what is planned.
    pub fn report(&self, mistake: String) {
        self.0.with(|book| book.mistakes.push(mistake));
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.0.with(|book| book.open -= 1);
    }
}

/// As many items of a type as are given or taken at once.
pub fn most(payload: &Kind) -> usize {
    if payload.is_byte() { MOST_BYTES } else { MOST_AT_ONCE }
}

/// What a stream does in a pause: it ends what is under way where that is cancelled.
pub fn not_yet(is_cancelled: bool) -> Poll<Result<StreamResult>> {
    match is_cancelled {
        true => Poll::Ready(Ok(StreamResult::Cancelled)),
        false => Poll::Pending,
    }
}

//! Where the program's standard output and standard error go.

use std::sync::{Arc, Mutex, PoisonError};

/// Receives bytes in the order in which the program writes them.
pub type Sink = Box<dyn FnMut(&[u8]) + Send>;

/// A sink that drops everything.
pub fn discard() -> Sink {
    Box::new(|_| {})
}

/// Collects what is written to its sinks; two sinks of one collector keep their common order.
#[derive(Clone, Default, Debug)]
pub struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    /// An empty collector.
    pub fn new() -> Captured {
        Captured::default()
    }

    /// A sink that adds to this collector.
    pub fn sink(&self) -> Sink {
        let bytes = self.0.clone();
        Box::new(move |chunk| {
            bytes
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend_from_slice(chunk)
        })
    }

    /// What was written so far; the collector is empty afterwards.
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What was written so far as text, with replacement characters where it is not UTF-8.
    pub fn take_text(&self) -> String {
        String::from_utf8_lossy(&self.take()).into_owned()
    }
}

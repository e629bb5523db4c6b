//! What the app prints while it is built: shown line by line, and the sentence with which a build fails kept apart.

use ampoule_action::Console;
use ampoule_host::Sink;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

/// The build's script writes this (the record separator of ASCII) before the sentence with which it fails.
pub(crate) const SENTENCE_MARK: u8 = 0x1e;

/// The program's ends of the streams.
pub(crate) struct Writer {
    lines: Sender<String>,
    failure: Arc<Mutex<Option<String>>>,
}

/// The console's end: the lines in the order in which the program wrote them.
pub(crate) struct Reader {
    lines: Receiver<String>,
}

/// Connects a program's streams with a console.
pub(crate) fn connect() -> (Writer, Reader) {
    let (sender, receiver) = channel();
    let writer = Writer {
        lines: sender,
        failure: Arc::default(),
    };
    (writer, Reader { lines: receiver })
}

impl Writer {
    /// A sink for standard output or standard error.
    pub(crate) fn sink(&self) -> Sink {
        let mut lines = Lines {
            partial: Vec::new(),
            sender: self.lines.clone(),
            failure: self.failure.clone(),
        };
        Box::new(move |bytes| lines.write(bytes))
    }

    /// Where the sentence will be with which the program failed, if it did.
    pub(crate) fn failure(&self) -> Arc<Mutex<Option<String>>> {
        self.failure.clone()
    }
}

/// Takes the sentence with which the program failed.
pub(crate) fn take_failure(failure: &Mutex<Option<String>>) -> Option<String> {
    failure.lock().unwrap_or_else(PoisonError::into_inner).take()
}

impl Reader {
    /// Shows lines until the program and its streams are gone.
    pub(crate) fn show(self, console: &Console) {
        for line in self.lines {
            console.print(&line);
        }
    }
}

/// Splits one stream into lines; what is left when the stream ends is a line too.
struct Lines {
    partial: Vec<u8>,
    sender: Sender<String>,
    failure: Arc<Mutex<Option<String>>>,
}

impl Lines {
    fn write(&mut self, bytes: &[u8]) {
        self.partial.extend_from_slice(bytes);
        if let Some(mark) = self.partial.iter().position(|byte| *byte == SENTENCE_MARK) {
            let sentence = String::from_utf8_lossy(&self.partial[mark + 1..]).trim_end().to_owned();
            *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(sentence);
            self.show(mark);
        } else if let Some(end) = self.partial.iter().rposition(|byte| *byte == b'\n') {
            self.show(end + 1);
        }
    }

    /// Shows the bytes before `end`, and keeps the rest.
    fn show(&mut self, end: usize) {
        let rest = self.partial.split_off(end);
        let complete = std::mem::replace(&mut self.partial, rest);
        if complete.is_empty() {
            return;
        }
        let text = complete.strip_suffix(b"\n").unwrap_or(&complete);
        for line in text.split(|byte| *byte == b'\n') {
            // The reader may be gone after an error; then nobody wants the line.
            let _ = self.sender.send(String::from_utf8_lossy(line).into_owned());
        }
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        if self.partial.first() != Some(&SENTENCE_MARK) {
            self.show(self.partial.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(chunks: &[&str]) -> (Vec<String>, Option<String>) {
        let (writer, reader) = connect();
        let failure = writer.failure();
        let mut sink = writer.sink();
        for chunk in chunks {
            sink(chunk.as_bytes());
        }
        drop((sink, writer));
        (reader.lines.iter().collect(), take_failure(&failure))
    }

    #[test]
    fn lines_are_put_together_from_chunks() {
        let (shown, failure) = lines(&["one\ntw", "o\n\nthr", "ee"]);
        assert_eq!(shown, ["one", "two", "", "three"]);
        assert_eq!(failure, None);
    }

    #[test]
    fn the_sentence_of_a_failure_is_not_shown_but_kept() {
        let (shown, failure) = lines(&["Traceback:\n", "  line\n\u{1e}the app ", "failed\n"]);
        assert_eq!(shown, ["Traceback:", "  line"]);
        assert_eq!(failure.as_deref(), Some("the app failed"));
    }
}

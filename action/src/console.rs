//! What the user sees while stages run: lines on stderr, and a progress bar where stderr is a terminal.

use crate::FileError;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fmt::Display;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::Mutex;

/// Where messages and progress go. Nothing of it reaches an output.
#[derive(Debug)]
pub struct Console {
    quiet: bool,
    bars: MultiProgress,
    step: Mutex<Option<(String, ProgressBar)>>,
}

impl Console {
    /// Messages and progress on stderr.
    pub fn standard() -> Console {
        Console::with(false, ProgressDrawTarget::stderr())
    }

    /// Errors only.
    pub fn quiet() -> Console {
        Console::with(true, ProgressDrawTarget::hidden())
    }

    fn with(quiet: bool, target: ProgressDrawTarget) -> Console {
        Console {
            quiet,
            bars: MultiProgress::with_draw_target(target),
            step: Mutex::new(None),
        }
    }

    /// Whether only errors are printed.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// The bars that are drawn together with this console's own; for a stage that draws several.
    pub fn bars(&self) -> &MultiProgress {
        &self.bars
    }

    /// Says that `done` of `total` parts of the work called `name` are done. May be called from any thread.
    pub fn step(&self, name: &str, done: u64, total: u64) {
        if self.quiet {
            return;
        }
        let mut step = self.step.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if step.as_ref().is_none_or(|(current, _)| current != name) {
            if let Some((_, old)) = step.take() {
                old.finish_and_clear();
            }
            let bar = self.bars.add(ProgressBar::new(total).with_style(style()));
            bar.set_message(name.to_string());
            *step = Some((name.to_string(), bar));
        }
        if let Some((_, bar)) = step.as_ref() {
            bar.set_position(done);
            if done >= total {
                bar.finish_and_clear();
                *step = None;
            }
        }
    }

    /// Prints a line for the user, unless quiet.
    pub fn line(&self, text: &str) {
        if !self.quiet {
            self.print(text);
        }
    }

    /// Prints a line for the user in any case: what the user's own program wrote.
    pub fn print(&self, text: &str) {
        self.bars.suspend(|| print_message(text));
    }

    /// Prints an error with the reasons below it.
    pub fn error(&self, error: &dyn std::error::Error) {
        self.print(&format!("error: {}", sentence(error)));
    }
}

/// Prints a line on stderr. Where nobody can read it there is nobody to tell that, either.
pub fn print_message(text: impl Display) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Prints a line on stdout: what a program was asked for. A reader who has gone away wanted no more of it, and all else is done.
///
/// # Errors
/// When stdout cannot be written, such as a file on a full disk.
pub fn print_result(text: impl Display) -> Result<(), FileError> {
    let mut output = std::io::stdout().lock();
    match writeln!(output, "{text}").and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(FileError::writing(Path::new("standard output"))(error))
        }
        _ => Ok(()),
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{msg} [{bar:32}] {pos}/{len}")
        .expect("the template is well-formed")
        .progress_chars("=> ")
}

/// An error and the reasons below it in one text, each reason that is not in the text already on a line of its own.
pub fn sentence(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(reason) = cause {
        let reason_text = reason.to_string();
        if !text.contains(&reason_text) {
            text.push_str("\n  because: ");
            text.push_str(&reason_text);
        }
        cause = reason.source();
    }
    text
}

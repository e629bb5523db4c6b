//! Random worlds with random values, from the host to Python and back: each function of a world is called several times, in both
//! directions, with values that both ends know beforehand and compare. In asynchronous worlds calls are made at once, with streams and
//! futures whose ends take and give at random, pause and are cancelled.
//!
//! The phases, each borrowing from the ones before:
//! 1. [`Case::new`]: a seed to a world of wit-smith's, with its functions and the calls that are planned, and the app that was written for them;
//! 2. [`Case::build`]: a component, by Ampoule or by componentize-py;
//! 3. [`Case::run`]: the calls, in Wasmtime.

mod asynchronous;
mod calls;
mod case;
mod chance;
mod constructor;
mod control;
mod ends;
mod expression;
mod function;
mod giver;
mod held;
mod host;
mod imports;
mod item;
mod kind;
mod payload;
mod plan;
mod python;
mod taker;
mod transfer;
mod value;

pub use case::{Builder, Case, Style};

/// Why a case fails.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error("a file of the case: {0}")]
    File(#[from] std::io::Error),
    /// A world that ought to be bound is not.
    #[error("the WIT is not bound: {0}")]
    Bind(#[from] ampoule_bindgen::Error),
    /// The component does not do what is planned.
    #[error("{0:?}")]
    Run(wasmtime::Error),
}

//! Runs an app's imports once, while the component is built, and writes the state back into the linked module.
//!
//! The interpreter comes precompiled and initialised; the side modules run beside it as separate instances, at the
//! very addresses that the link gave them (`split`). The memory that this leaves is the memory that the linked module
//! itself would have left (`fused` proves it), and becomes the linked module's data (`ampoule_state`).

mod error;
mod fused;
mod image;
mod output;
mod seed;
mod session;
mod split;
mod stage;
mod uncaught;

pub use error::Error;
pub use stage::Snapshot;

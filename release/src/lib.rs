//! Makes a release of Ampoule, by steps that give the same bytes wherever they run.

mod archive;
mod cargo;
pub mod check;
mod crates;
pub mod distribution;
mod error;
pub mod make;
mod provenance;
mod run;
mod source;
mod sums;
pub mod tools;
pub mod twice;
pub mod wheel;

pub use error::Error;

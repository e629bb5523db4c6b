//! What can go wrong with a state.

use ampoule_host::HostError;

/// A state that cannot be captured or written back.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The host or the program failed.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The module has something that a snapshot cannot hold.
    #[error("the module cannot hold a snapshot: {0}")]
    Unsupported(String),
    /// The module cannot be written.
    #[error("the module with the state cannot be written: {0}")]
    Write(#[from] std::io::Error),
    /// The module cannot be parsed.
    #[error("the module is malformed: {0}")]
    Malformed(#[from] wasmparser::BinaryReaderError),
}

impl<T> From<wasm_encoder::reencode::Error<T>> for Error
where
    wasm_encoder::reencode::Error<T>: std::fmt::Display,
{
    fn from(error: wasm_encoder::reencode::Error<T>) -> Error {
        Error::Unsupported(error.to_string())
    }
}

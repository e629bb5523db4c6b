//! What can go wrong when a component is encoded.

/// A module that does not become a component.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The encoder refuses the module.
    #[error("the module cannot be made a component: {0}")]
    Encoding(String),
    /// The component is not valid.
    #[error("the component is not valid: {0}; this is a defect of Ampoule")]
    Invalid(#[from] wasmparser::BinaryReaderError),
    /// The producers section cannot be written.
    #[error("the component's producers section cannot be written: {0}")]
    Producers(String),
}

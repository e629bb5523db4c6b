//! What can go wrong when a build is attested.

/// An attestation that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The bill of materials would break its format's rules.
    #[error(
        "the bill of materials cannot have the part `{part}`: {reason}; correct it where that part is pinned or declared"
    )]
    InvalidPart {
        /// The part's reference.
        part: String,
        /// The rule that is broken.
        reason: String,
    },
}

//! What can go wrong in `ampoule publish`.

use std::path::PathBuf;

/// An error of publishing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// Something else than a component was to be published.
    #[error("{} is not a component; `ampoule build` makes one", .0.display())]
    NotComponent(PathBuf),
    /// The reference is not one to publish to.
    #[error("`{text}` is nothing to publish to: {reason}; write it as `registry.example/name:tag`, in lower case")]
    Reference {
        /// What was given.
        text: String,
        /// What is wrong.
        reason: String,
    },
    /// The provenance is not as it must be.
    #[error(
        "line {line} of the provenance is no in-toto statement: {error}; `ampoule build --provenance` writes one a line"
    )]
    Provenance {
        /// The line.
        line: usize,
        /// The reason.
        error: serde_json::Error,
    },
    /// The bill of materials is not as it must be.
    #[error("the bill of materials is no CycloneDX in JSON: {0}; `ampoule build --sbom` writes it")]
    Bill(serde_json::Error),
    /// What is said is said of another component.
    #[error(
        "the {what} says nothing of a component with the sha256 {sha256}; give the one that was written when it was built"
    )]
    OtherComponent {
        /// What says it.
        what: &'static str,
        /// The component's digest.
        sha256: String,
    },
    /// Credentials cannot be had.
    #[error(
        "the credentials for {registry} cannot be had: {reason}; log in again with `docker login {registry}` or `podman login {registry}`"
    )]
    Credentials {
        /// The registry.
        registry: String,
        /// The reason.
        reason: String,
    },
    /// There is an identity token in place of a password.
    #[error(
        "the credentials for {registry} are an identity token, which cannot be used here; log in with a user and a password or an access token: \
         `docker login --username USER {registry}`"
    )]
    IdentityToken {
        /// The registry.
        registry: String,
    },
    /// The event loop could not be set up.
    #[error("cannot set up the event loop: {0}")]
    Runtime(std::io::Error),
    /// There is nobody at the registry's address.
    #[error("the registry {registry} cannot be reached: {reason}; look at its name and port, and at the network")]
    Unreachable {
        /// The registry.
        registry: String,
        /// The reason.
        reason: String,
    },
    /// The registry is not who it should be, or has no TLS.
    #[error(
        "no secure connection to {registry}: {reason}; if it has no TLS, add --plain-http; if its certificate is from an authority of your own, \
         add that to the system's, or name its file in SSL_CERT_FILE"
    )]
    Insecure {
        /// The registry.
        registry: String,
        /// The reason.
        reason: String,
    },
    /// The registry does not let the user in.
    #[error(
        "{repository} may not be written: {reason}; log in with `docker login {registry}` or `podman login {registry}`, as a user, or with a \
         token, that may write there"
    )]
    Refused {
        /// The registry.
        registry: String,
        /// The repository in it.
        repository: String,
        /// What the registry says.
        reason: String,
    },
    /// There is no such repository, and the registry makes none.
    #[error("there is no {repository}: {reason}; make the repository first")]
    NoRepository {
        /// The repository.
        repository: String,
        /// What the registry says.
        reason: String,
    },
    /// The registry does not take something.
    #[error("{repository} does not take the component: {reason}")]
    Registry {
        /// The repository.
        repository: String,
        /// What the registry says.
        reason: String,
    },
    /// The tag of an index holds something else.
    #[error(
        "the tag {tag}, at which others look for provenance, is something else than an index; remove it from the registry"
    )]
    NotIndex {
        /// The tag.
        tag: String,
    },
    /// Others have written the index at the same time.
    #[error(
        "others write the index under the tag {tag} at the same time, so that what was added did not stay there; publish again"
    )]
    NotListed {
        /// The tag.
        tag: String,
    },
}

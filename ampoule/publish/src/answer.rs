//! What a request to a registry failed for.

use crate::destination::Destination;
use crate::error::Error;
use oci_client::errors::{OciDistributionError, OciEnvelope, OciErrorCode};
use std::error::Error as StandardError;

/// For `map_err` where a registry was asked.
pub(crate) fn failed(destination: &Destination) -> impl Fn(OciDistributionError) -> Error + '_ {
    move |error| {
        let registry = destination.registry().to_string();
        let repository = destination.repository();
        let reason = reason(&error);
        match kind(&error) {
            Kind::Unreachable => Error::Unreachable { registry, reason },
            Kind::Insecure => Error::Insecure { registry, reason },
            Kind::Refused => Error::Refused {
                registry,
                repository,
                reason,
            },
            Kind::Absent => Error::NoRepository { repository, reason },
            Kind::Other => Error::Registry { repository, reason },
        }
    }
}

/// Whether a registry says that it has nothing under a name.
pub(crate) fn is_absent(error: &OciDistributionError) -> bool {
    matches!(kind(error), Kind::Absent)
}

enum Kind {
    /// Nobody answers.
    Unreachable,
    /// There is no TLS, or not the right one.
    Insecure,
    /// The user may not do that.
    Refused,
    /// There is nothing of that name.
    Absent,
    /// Whatever else.
    Other,
}

fn kind(error: &OciDistributionError) -> Kind {
    use OciDistributionError::{AuthenticationFailure, RegistryError, RequestError, ServerError, UnauthorizedError};
    match error {
        AuthenticationFailure(_) | UnauthorizedError { .. } => Kind::Refused,
        ServerError { code, .. } => of_status(*code),
        RegistryError { envelope, .. } => of_envelope(envelope),
        RequestError(request) if causes(request).any(|cause| cause.is::<rustls::Error>()) => Kind::Insecure,
        RequestError(request) => request
            .status()
            .map_or(Kind::Unreachable, |status| of_status(status.as_u16())),
        _ => Kind::Other,
    }
}

fn of_status(code: u16) -> Kind {
    match code {
        401 | 403 => Kind::Refused,
        404 => Kind::Absent,
        _ => Kind::Other,
    }
}

fn of_envelope(envelope: &OciEnvelope) -> Kind {
    use OciErrorCode::{Denied, ManifestUnknown, NameUnknown, NotFound, Unauthorized};
    let has = |codes: &[OciErrorCode]| envelope.errors.iter().any(|error| codes.contains(&error.code));
    if has(&[Unauthorized, Denied]) {
        Kind::Refused
    } else if has(&[ManifestUnknown, NameUnknown, NotFound]) {
        Kind::Absent
    } else {
        Kind::Other
    }
}

/// What is said to the user: the registry's own messages, or the innermost cause, which tells more than those around it.
fn reason(error: &OciDistributionError) -> String {
    use OciDistributionError::{AuthenticationFailure, RegistryError, ServerError};
    match error {
        RegistryError { envelope, .. } => messages(envelope),
        ServerError { code, message, .. } => parsed(message).unwrap_or_else(|| format!("it answers {code}")),
        AuthenticationFailure(message) => parsed(message).unwrap_or_else(|| message.trim_end().to_string()),
        error => causes(error).last().map(ToString::to_string).unwrap_or_default(),
    }
}

fn parsed(message: &str) -> Option<String> {
    serde_json::from_str(message).ok().as_ref().map(messages)
}

fn messages(envelope: &OciEnvelope) -> String {
    let messages: Vec<&str> = envelope.errors.iter().map(|error| error.message.as_str()).collect();
    messages.join(", ")
}

/// An error with all that have led to it. One of input or output tells only so what is inside it.
fn causes<'a>(error: &'a (dyn StandardError + 'static)) -> impl Iterator<Item = &'a (dyn StandardError + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<std::io::Error>() {
        Some(outer) => outer.get_ref().map(|inner| inner as &(dyn StandardError + 'static)),
        None => error.source(),
    })
}

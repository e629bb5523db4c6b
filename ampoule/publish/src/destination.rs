//! Where a component is published.

use crate::error::Error;
use oci_client::Reference;
use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

/// A registry, a repository in it, and a tag there: `REGISTRY/NAME:TAG`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    reference: Reference,
}

impl Destination {
    /// The registry, as credentials are kept under it.
    pub(crate) fn registry(&self) -> &str {
        self.reference.registry()
    }

    /// The registry with the repository.
    pub(crate) fn repository(&self) -> String {
        format!("{}/{}", self.reference.registry(), self.reference.repository())
    }

    /// The tag.
    pub(crate) fn tag(&self) -> &str {
        self.reference.tag().expect("a destination has a tag")
    }

    /// What is in the repository under another tag, or a digest.
    pub(crate) fn at(&self, tag: &str) -> Reference {
        // A digest stands in the tag's place, too: where a registry does not say where it has put a manifest, the client looks for the tag in the
        // address that it has sent it to.
        Reference::with_tag(
            self.reference.registry().to_string(),
            self.reference.repository().to_string(),
            tag.to_string(),
        )
    }

    /// Whether the registry is this machine's own.
    pub fn is_loopback(&self) -> bool {
        let host = self.registry().split(':').next().unwrap_or_default();
        host == "localhost" || host.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
    }
}

impl FromStr for Destination {
    type Err = Error;

    fn from_str(text: &str) -> Result<Destination, Error> {
        let malformed = |reason: String| Error::Reference {
            text: text.to_string(),
            reason,
        };
        let reference: Reference = text.parse().map_err(|error| malformed(format!("{error}")))?;
        // What names no registry would be taken for one of the Docker Hub's.
        if !text.starts_with(&format!("{}/", reference.registry())) {
            return Err(malformed("it names no registry".to_string()));
        }
        if reference.digest().is_some() {
            return Err(malformed("the digest follows from the component".to_string()));
        }
        Ok(Destination { reference })
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reference.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Destination, String> {
        text.parse().map_err(|error: Error| error.to_string())
    }

    #[test]
    fn the_tag_is_latest_where_none_is_given() {
        let destination = parsed("registry.example:5000/team/shop").unwrap();
        assert_eq!(destination.to_string(), "registry.example:5000/team/shop:latest");
        assert_eq!(destination.repository(), "registry.example:5000/team/shop");
    }

    #[test]
    fn a_registry_a_name_and_no_digest_are_wanted() {
        for (text, reason) in [
            ("shop:1", "it names no registry"),
            ("team/shop", "it names no registry"),
            ("registry.example/Shop:1", "invalid reference format"),
            ("https://registry.example/shop", "invalid reference format"),
            (
                "registry.example/shop@sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
                "the digest follows from the component",
            ),
        ] {
            let error = parsed(text).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn only_this_machine_is_spoken_to_without_tls() {
        for (text, is_loopback) in [
            ("localhost:5000/shop", true),
            ("127.0.0.1:5000/shop", true),
            ("localhost.example/shop", false),
            ("10.0.0.1:5000/shop", false),
        ] {
            assert_eq!(parsed(text).unwrap().is_loopback(), is_loopback, "{text}");
        }
    }
}

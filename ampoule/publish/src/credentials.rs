//! Who publishes: what `docker login` or `podman login` has left.

use crate::error::Error;
use docker_credential::{CredentialRetrievalError, DockerCredential, get_credential, get_podman_credential};
use oci_client::Reference;
use oci_client::secrets::RegistryAuth;

/// The credentials for the registry of a reference; nobody's where there are none.
pub(crate) fn of(reference: &Reference) -> Result<RegistryAuth, Error> {
    let host = reference.resolve_registry();
    // Docker keeps those of its own registry under an address.
    let address = format!("https://{host}/v1/");
    for look in [get_credential, get_podman_credential] {
        for name in [host, &address] {
            match look(name) {
                Ok(DockerCredential::UsernamePassword(user, password)) => {
                    return Ok(RegistryAuth::Basic(user, password));
                }
                Ok(DockerCredential::IdentityToken(_)) => {
                    return Err(Error::IdentityToken {
                        registry: reference.registry().to_string(),
                    });
                }
                Err(error) if is_none(&error) => {}
                Err(error) => {
                    return Err(Error::Credentials {
                        registry: reference.registry().to_string(),
                        reason: error.to_string().trim_end().to_string(),
                    });
                }
            }
        }
    }
    Ok(RegistryAuth::Anonymous)
}

/// Whether it is no mistake, but that nobody has logged in: there is no file, no entry in it, or none in the store of passwords.
fn is_none(error: &CredentialRetrievalError) -> bool {
    match error {
        CredentialRetrievalError::ConfigNotFound
        | CredentialRetrievalError::ConfigReadError
        | CredentialRetrievalError::NoCredentialConfigured => true,
        // What Docker's programs for such stores print, and its client looks for.
        CredentialRetrievalError::HelperFailure { stdout, .. } => stdout.contains("credentials not found"),
        _ => false,
    }
}

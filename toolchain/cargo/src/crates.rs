//! The crates that a lock names, unpacked to a folder from which cargo takes them in place of its registry (cargo's book, "Directory Sources").

use crate::Error;
use ampoule_action::{Digest, write};
use ampoule_archive::{Format, Limit, Unpacking, unpack};
use std::path::{Path, PathBuf};

/// What a crate may hold: the registry takes 10 MiB, packed.
const LIMIT: Limit = Limit {
    bytes: 1 << 30,
    entries: 100_000,
};

/// Unpacks crates, each to a folder of its own, with the checksum by which cargo compares them to the lock.
pub(crate) fn unpack_all(crates: &[(String, PathBuf)], folder: &Path) -> Result<(), Error> {
    ampoule_action::make_folder(folder)?;
    for (name, file) in crates {
        let destination = folder.join(name);
        let unpacking = Unpacking {
            format: Format::TarGz,
            strip: 1,
        };
        unpack(&unpacking, LIMIT, file, &destination, &[])?;
        let checksum = Digest::of_file(file)?.hexadecimal();
        let text = serde_json::json!({ "files": {}, "package": checksum }).to_string();
        write(&destination.join(".cargo-checksum.json"), text)?;
    }
    Ok(())
}

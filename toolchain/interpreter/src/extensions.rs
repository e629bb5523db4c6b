//! The stdlib's extension modules: beside the stdlib as on any system, and precompiled for the snapshot's split run.

use crate::{Error, work};
use ampoule_action::Digest;
use std::collections::BTreeMap;
use std::path::Path;

/// Extension modules by the names of their files.
pub(crate) type Extensions = BTreeMap<String, Vec<u8>>;

/// Reads the side modules in a folder.
pub(crate) fn read(folder: &Path) -> Result<Extensions, Error> {
    let mut extensions = Extensions::new();
    for entry in std::fs::read_dir(folder).map_err(Error::reading(folder))? {
        let path = entry.map_err(Error::reading(folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".so") {
            extensions.insert(name, work::read(&path)?);
        }
    }
    Ok(extensions)
}

/// Writes the modules to a folder, under their names.
pub(crate) fn write(extensions: &Extensions, folder: &Path) -> Result<(), Error> {
    extensions
        .iter()
        .try_for_each(|(name, bytes)| work::write(&folder.join(name), bytes))
}

/// Writes each module, precompiled, to `FOLDER/SHA256.cwasm`, the digest being that of the side module.
pub(crate) fn precompile(extensions: &Extensions, folder: &Path) -> Result<(), Error> {
    for bytes in extensions.values() {
        let name = format!("{}.cwasm", Digest::of_bytes(bytes).hexadecimal());
        work::write(&folder.join(name), &ampoule_host::precompile(bytes)?)?;
    }
    Ok(())
}

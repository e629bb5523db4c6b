//! The stdlib's extension modules: beside the stdlib as on any system, and precompiled for the snapshot's split run.

use crate::Error;
use ampoule_action::{Digest, FileError, read_folder};
use ampoule_host::{precompile, precompiled_name};
use std::collections::BTreeMap;
use std::path::Path;

/// Extension modules by the names of their files.
pub(crate) type Extensions = BTreeMap<String, Vec<u8>>;

/// Reads the side modules in a folder.
pub(crate) fn read(folder: &Path) -> Result<Extensions, FileError> {
    let mut extensions = Extensions::new();
    for path in read_folder(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".so") {
            extensions.insert(name, ampoule_action::read(&path)?);
        }
    }
    Ok(extensions)
}

/// Writes the modules to a folder, under their names.
pub(crate) fn write(extensions: &Extensions, folder: &Path) -> Result<(), FileError> {
    extensions
        .iter()
        .try_for_each(|(name, bytes)| ampoule_action::write(&folder.join(name), bytes))
}

/// Writes each module, precompiled, to a folder, under the name that tells of which module it is.
pub(crate) fn write_precompiled(extensions: &Extensions, folder: &Path) -> Result<(), Error> {
    for bytes in extensions.values() {
        let name = precompiled_name(&Digest::of_bytes(bytes).hexadecimal());
        ampoule_action::write(&folder.join(name), precompile(bytes)?)?;
    }
    Ok(())
}

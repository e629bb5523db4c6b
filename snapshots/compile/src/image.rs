//! Writes the image, and the extension modules beside it.

use crate::stdlib::{Stdlib, image_path};
use crate::{Bytecode, Error, Sources};
use ampoule_action::{Console, make_folder, read, write};
use ampoule_image::SEARCH_PATH;
use std::collections::BTreeSet;
use std::path::Path;

/// Writes the files of the app and of the bindings, and their bytecode. Says which files should hardly go with an app.
pub(crate) fn write_app(image: &Path, sources: &Sources, bytecode: &Bytecode, console: &Console) -> Result<(), Error> {
    make_folder(image)?;
    for file in &sources.files {
        let content = read(&file.disk)?;
        if is_private_key(&content) {
            let name = file.disk.file_name().unwrap_or_default().to_string_lossy();
            console.line(&format!(
                "warning: {} is a private key, and whoever has the component can read it there; `exclude = [\"{name}\"]` in \
                 [tool.ampoule] (--exclude) leaves it out",
                file.disk.display()
            ));
        }
        write(&image.join(file.image.trim_start_matches('/')), content)?;
    }
    for (path, content) in &bytecode.files {
        write(&image.join(path.trim_start_matches('/')), content)?;
    }
    Ok(())
}

/// Whether a file starts as the text encodings of private keys do (RFC 7468, RFC 4716 and what OpenSSH writes).
fn is_private_key(content: &[u8]) -> bool {
    let first = content
        .split(|byte| matches!(byte, b'\r' | b'\n'))
        .next()
        .unwrap_or_default();
    first.starts_with(b"-----BEGIN ") && first.ends_with(b"PRIVATE KEY-----")
}

/// Writes down which folders of the image Python searches, in their order.
pub(crate) fn write_search_path(image: &Path, folders: &[String]) -> Result<(), Error> {
    Ok(write(&image.join(SEARCH_PATH), folders.join("\n") + "\n")?)
}

/// Copies the bytecode of modules of the stdlib, each to the place of its source, from where Python imports it; or beside its
/// source, if that is to be there.
pub(crate) fn write_stdlib(
    image: &Path,
    stdlib: &Stdlib<'_>,
    modules: &BTreeSet<String>,
    with_sources: bool,
) -> Result<(), Error> {
    for module in modules {
        let source = stdlib.source(module);
        let bytecode = stdlib.bytecode(&source);
        if with_sources {
            copy_into(image, &image_path(&bytecode), &stdlib.0.join(&bytecode))?;
            copy_into(image, &image_path(&source), &stdlib.0.join(&source))?;
        } else {
            copy_into(image, &image_path(&format!("{source}c")), &stdlib.0.join(&bytecode))?;
        }
    }
    Ok(())
}

/// Copies extension modules, the app's and the stdlib's, each to its path in the image.
pub(crate) fn write_extensions(
    folder: &Path,
    sources: &Sources,
    stdlib: &Stdlib<'_>,
    paths: &BTreeSet<String>,
) -> Result<(), Error> {
    make_folder(folder)?;
    for path in paths {
        let own = sources.files.iter().find(|file| file.image == *path);
        let disk = own.map_or_else(|| stdlib.file(path), |file| file.disk.clone());
        copy_into(folder, path, &disk)?;
    }
    Ok(())
}

/// Copies a file to its path in the image, below a folder.
fn copy_into(folder: &Path, image_path: &str, file: &Path) -> Result<(), Error> {
    let target = folder.join(image_path.trim_start_matches('/'));
    // Read and written: a copy has the file's mode, which would change the digest.
    Ok(write(&target, read(file)?)?)
}

//! The headers of libc++ and libc++abi, from clang's own package. The stage `libcxx` compiles the libraries.

use crate::Error;
use crate::parts::Parts;
use ampoule_action::{Links, copy_folder, read_text, write};
use std::path::Path;

/// The folder of the headers in the sysroot, where clang finds them for every target.
pub(crate) const HEADERS: &str = "include/c++/v1";

/// Puts the headers into a folder.
pub(crate) fn install_headers(parts: &Parts, headers: &Path) -> Result<(), Error> {
    let sources = parts.library_sources()?;
    for folder in ["libcxx/include", "libcxxabi/include"] {
        copy_folder(&sources.join(folder), headers, Links::Followed, |_| true)?;
    }
    write(&headers.join("__config_site"), include_str!("cxx/__config_site"))?;
    // The package's copy of this header leaves out how the library is built and expects it on the command line.
    let config = headers.join("__config");
    let text = read_text(&config)?;
    Ok(write(&config, format!("#include <__config_site>\n{text}"))?)
}

//! The programs in `bin`, for people; the stages call the one real program themselves.

use crate::parts::make_program;
use crate::tree::resource_folder;
use crate::{COMBINED_PROGRAM, Error, Target};
use ampoule_action::write as write_file;
use std::path::Path;

/// Writes `bin/clang`, `bin/clang++`, `bin/wasm-ld`, `bin/ar` and `bin/ranlib`. What `clang++` links needs `-L` with the folder that the
/// stage `libcxx` makes.
pub(crate) fn write(root: &Path) -> Result<(), Error> {
    let resources = resource_folder(root)?;
    let resources = resources.strip_prefix(root).unwrap_or(&resources).display();
    // clang would link for wasip2 with wasm-component-ld, which is not part of this SDK: what it links are core modules.
    let clang = format!(
        "clang --target={} -resource-dir \"$sdk/{resources}\" --sysroot=\"$sdk/share/wasi-sysroot\" -no-canonical-prefixes \
         --start-no-unused-arguments -fuse-ld=\"$sdk/bin/wasm-ld\" --end-no-unused-arguments",
        Target::Wasip2
    );
    let programs = [
        ("clang", clang.clone()),
        ("clang++", format!("{clang} --driver-mode=g++")),
        ("wasm-ld", "wasm-ld".to_string()),
        ("ar", "ar".to_string()),
        ("ranlib", "ranlib".to_string()),
    ];
    for (name, command) in programs {
        let path = root.join("bin").join(name);
        write_file(&path, script(&command))?;
        make_program(&path)?;
    }
    Ok(())
}

/// A script that finds the SDK by its own path, so that the SDK can be moved.
fn script(command: &str) -> String {
    format!(
        "#!/bin/sh\n\
         sdk=$(CDPATH= cd -- \"$(dirname -- \"$0\")/..\" && pwd -P) || exit\n\
         exec \"$sdk/libexec/{COMBINED_PROGRAM}\" {command} \"$@\"\n"
    )
}

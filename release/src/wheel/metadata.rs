//! What the wheel says of itself: its `.dist-info`, and the platforms that it is for.

use crate::Error;
use ampoule_action::read_text;
use std::collections::BTreeMap;
use std::path::Path;

/// The files of licences, in Ampoule's source.
const LICENCES: [&str; 2] = ["LICENSE", "NOTICE.md"];

/// This platform's names for pip. A static program runs with every C library: on Linux, both kinds are named.
pub fn platform() -> Result<Vec<String>, Error> {
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    match (system, machine) {
        ("linux", "x86_64" | "aarch64") => Ok(vec![
            format!("manylinux_2_17_{machine}"),
            format!("musllinux_1_1_{machine}"),
        ]),
        ("macos", "x86_64") => Ok(vec!["macosx_10_12_x86_64".to_string()]),
        ("macos", "aarch64") => Ok(vec!["macosx_11_0_arm64".to_string()]),
        _ => Err(Error::NoPlatform(format!("{machine}-{system}"))),
    }
}

/// The files of the `.dist-info` but its RECORD, by their paths in it.
pub fn files(source: &Path, version: &str, platform: &[String]) -> Result<BTreeMap<String, String>, Error> {
    let mut files = BTreeMap::from([
        (
            "METADATA".to_string(),
            metadata(version, &read_text(&source.join("README.md"))?),
        ),
        ("WHEEL".to_string(), wheel(platform)),
        (
            "entry_points.txt".to_string(),
            "[console_scripts]\nampoule = ampoule.__main__:main\n".to_string(),
        ),
    ]);
    for name in LICENCES {
        files.insert(format!("licenses/{name}"), read_text(&source.join(name))?);
    }
    Ok(files)
}

fn metadata(version: &str, readme: &str) -> String {
    let licences = LICENCES.map(|name| format!("License-File: {name}\n")).concat();
    format!(
        "Metadata-Version: 2.4\n\
         Name: ampoule\n\
         Version: {version}\n\
         Summary: Builds Python applications into WebAssembly components, hermetically and reproducibly\n\
         License-Expression: Apache-2.0 WITH LLVM-exception\n\
         {licences}\
         Requires-Python: >=3.9\n\
         Description-Content-Type: text/markdown\n\
         \n\
         {readme}"
    )
}

fn wheel(platform: &[String]) -> String {
    let tags: String = platform.iter().map(|name| format!("Tag: py3-none-{name}\n")).collect();
    format!("Wheel-Version: 1.0\nGenerator: ampoule\nRoot-Is-Purelib: false\n{tags}")
}

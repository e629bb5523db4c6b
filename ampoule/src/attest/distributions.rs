//! Installed Python distributions, as their `.dist-info` folders describe them.

use crate::error::Failure;
use ampoule_action::{read_folder, read_text};
use ampoule_attestation::bill::{license, purl};
use ampoule_attestation::{Part, Scope};
use ampoule_wheels::normalised;
use std::path::Path;

/// The distributions that are installed in a folder of the Python path.
pub fn in_folder(folder: &Path) -> Result<Vec<Part>, Failure> {
    let mut found = Vec::new();
    for path in read_folder(folder)? {
        found.extend(in_metadata(&path)?);
    }
    Ok(found)
}

/// The distribution that a folder `.dist-info` describes; none if it is another folder, or a file.
pub fn in_metadata(folder: &Path) -> Result<Option<Part>, Failure> {
    let metadata = folder.join("METADATA");
    if folder.extension().is_some_and(|extension| extension == "dist-info") && metadata.is_file() {
        Ok(part(&read_text(&metadata)?))
    } else {
        Ok(None)
    }
}

/// The distribution whose unpacked source is in a folder, if the folder says so.
pub fn in_source(folder: &Path) -> Result<Option<Part>, Failure> {
    let metadata = folder.join("PKG-INFO");
    if metadata.is_file() {
        Ok(part(&read_text(&metadata)?))
    } else {
        Ok(None)
    }
}

/// The part that a file METADATA or PKG-INFO describes (core metadata, PEP 566 and later): fields up to the first empty line.
fn part(metadata: &str) -> Option<Part> {
    let field = |name: &str| {
        metadata
            .lines()
            .take_while(|line| !line.is_empty())
            .find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim().to_string()))
    };
    let (name, version) = (field("Name")?, field("Version")?);
    let purl = purl("pypi", &normalised(&name), &version);
    Some(Part {
        reference: purl.clone(),
        name,
        version: Some(version),
        license: field("License-Expression").as_deref().and_then(license),
        purl: Some(purl),
        sha256: None,
        scope: Scope::Contained,
        made_of: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_read_up_to_the_description() {
        let text =
            "Metadata-Version: 2.4\nName: Zope._Interface\nVersion: 7.2+local\nLicense-Expression: MIT\n\nVersion: 9\n";
        let part = part(text).unwrap();
        assert_eq!(part.purl.as_deref(), Some("pkg:pypi/zope-interface@7.2%2Blocal"));
        assert_eq!(part.version.as_deref(), Some("7.2+local"));
        assert_eq!(part.license.as_deref(), Some("MIT"));
    }

    #[test]
    fn metadata_without_a_name_is_no_part() {
        assert!(part("Version: 1\n\nName: x\n").is_none());
    }
}

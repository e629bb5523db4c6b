//! `debian:`: a path below the root of the mirror that apt is set up with.

use super::client::run;
use super::{Place, SourceError, Way};
use ampoule_action::Digest;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The file on the mirrors that the user gave, on those of apt through our own client, and through apt's.
pub(super) fn ways<'a>(path: &'a str, given: &'a [String], digest: &'a Digest) -> Vec<Way<'a>> {
    let mut ways: Vec<Way<'a>> = given.iter().map(|mirror| Way::ours(move || at(mirror, path))).collect();
    match mirrors() {
        Ok(mirrors) => {
            for mirror in mirrors {
                let again = mirror.clone();
                ways.push(Way::ours(move || at(&mirror, path)));
                ways.push(Way::of_client(move || through_apt(&again, path, digest)));
            }
        }
        Err(error) if given.is_empty() => {
            ways.push(Way::ours(move || Err(SourceError::lasting(error.message.clone()))));
        }
        Err(_) => {}
    }
    ways
}

/// The roots of the mirrors in apt's configuration: those of Debian's own archive, where apt can tell.
fn mirrors() -> Result<Vec<String>, SourceError> {
    let advice = "give a mirror with --debian-mirror URL";
    let list = [
        "indextargets",
        "--format",
        "$(REPO_URI)",
        "Created-By: Packages",
        "Origin: Debian",
        "Label: Debian",
    ];
    let listed = run(Command::new("apt-get").args(list));
    let listed = listed.map_err(|error| SourceError::lasting(format!("{}; {advice}", error.message)))?;
    let mut mirrors: BTreeSet<String> = listed.split_whitespace().map(String::from).collect();
    if mirrors.is_empty() {
        // Before the first `apt-get update` apt knows what it would read and not yet whose it is.
        let planned = run(Command::new("apt-get").args(["update", "--print-uris"]))?;
        mirrors.extend(planned.lines().filter_map(root_of_release));
    }
    if mirrors.is_empty() {
        return Err(SourceError::lasting(format!(
            "apt is set up with no mirror on this machine; {advice}"
        )));
    }
    Ok(mirrors.into_iter().collect())
}

/// The mirror's root in a line such as `'http://mirror.example/debian/dists/stable/InRelease' name 0`.
fn root_of_release(line: &str) -> Option<String> {
    let (url, _) = line.trim().strip_prefix('\'')?.split_once('\'')?;
    let (root, _) = url.rsplit_once("/dists/")?;
    Some(format!("{root}/"))
}

fn at(mirror: &str, path: &str) -> Result<Place, SourceError> {
    let url = format!("{}/{path}", mirror.trim_end_matches('/'));
    if let Some(local) = url.strip_prefix("file:").or(url.strip_prefix("copy:")) {
        let trimmed = format!("/{}", local.trim_start_matches('/'));
        return Ok(Place::File(trimmed.into()));
    }
    if url.starts_with("http://") || url.starts_with("https://") {
        return Ok(Place::Url(url));
    }
    Err(SourceError::lasting(format!("{mirror} is for apt alone to read")))
}

/// apt's own downloader, which knows its proxies, its credentials and the schemes that only apt has.
fn through_apt(mirror: &str, path: &str, digest: &Digest) -> Result<Place, SourceError> {
    let helper = Path::new("/usr/lib/apt/apt-helper");
    let folder = super::temporary()?;
    let file = folder.path().join("download");
    let url = format!("{}/{path}", mirror.trim_end_matches('/'));
    run(Command::new(helper)
        .arg("download-file")
        .arg(url)
        .arg(&file)
        .arg(format!("SHA256:{}", digest.hexadecimal())))?;
    Ok(Place::Downloaded(file, folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_what_stands_before_dists() {
        let line =
            "'http://mirror.example/debian/dists/stable/InRelease' mirror.example_debian_dists_stable_InRelease 0 ";
        assert_eq!(root_of_release(line).unwrap(), "http://mirror.example/debian/");
        assert!(root_of_release("Reading package lists...").is_none());
    }

    #[test]
    fn a_mirror_on_a_disk_is_read_as_a_file() {
        let Ok(Place::File(path)) = at("file:///srv/debian/", "pool/a.deb") else {
            panic!("not a file");
        };
        assert_eq!(path, Path::new("/srv/debian/pool/a.deb"));
        let Ok(Place::Url(url)) = at("http://mirror.example/debian", "pool/a.deb") else {
            panic!("not a URL");
        };
        assert_eq!(url, "http://mirror.example/debian/pool/a.deb");
        assert!(at("tor+http://mirror.example/debian", "pool/a.deb").is_err());
    }
}

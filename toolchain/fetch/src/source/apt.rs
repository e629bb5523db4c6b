//! `debian:`: a path below the root of the mirror that apt is set up with.

use super::client::run;
use super::{Place, SourceError, Way};
use ampoule_action::Digest;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// What stands for the snapshot in the address of an archive of snapshots, in apt's configuration and in Release files.
const PLACEHOLDER: &str = "@SNAPSHOTID@";

/// Whether a text says when a snapshot was made: `20261129T000000Z`.
pub(super) fn is_snapshot(text: &str) -> bool {
    let is_right = |(place, letter): (usize, char)| match place {
        8 => letter == 'T',
        15 => letter == 'Z',
        _ => letter.is_ascii_digit(),
    };
    text.len() == 16 && text.chars().enumerate().all(is_right)
}

/// The file on the mirrors that the user gave, on those of apt through our own client, and through apt's. A snapshot is looked for
/// in archives of snapshots alone, as mirrors have none.
pub(super) fn ways<'a>(
    snapshot: Option<&'a str>,
    path: &'a str,
    given: &'a [String],
    digest: &'a Digest,
) -> Vec<Way<'a>> {
    let of_kind = |root: &&String| root.contains(PLACEHOLDER) == snapshot.is_some();
    let at_snapshot = move |root: &String| root.replace(PLACEHOLDER, snapshot.unwrap_or_default());
    let given: Vec<String> = given.iter().filter(of_kind).map(at_snapshot).collect();
    let has_given = !given.is_empty();
    let ours = |root: String| Way::ours(move || at(&root, path));
    let mut ways: Vec<Way<'a>> = given.into_iter().map(ours).collect();
    let known = if snapshot.is_some() { archives() } else { mirrors() };
    match known {
        Ok(roots) => {
            for root in roots.iter().map(at_snapshot) {
                ways.push(ours(root.clone()));
                ways.push(Way::of_client(move || through_apt(&root, path, digest)));
            }
        }
        Err(error) if !has_given => {
            ways.push(Way::ours(move || Err(SourceError::lasting(error.message.clone()))));
        }
        Err(_) => {}
    }
    ways
}

/// The archives of snapshots that apt knows: by its configuration, and by the Release files of Debian's own archive that it has.
fn archives() -> Result<Vec<String>, SourceError> {
    let advice = format!("give one with --debian-mirror 'https://HOST/PATH/{PLACEHOLDER}/'");
    let told = |error: SourceError| SourceError::lasting(format!("{}; {advice}", error.message));
    let configured = run(Command::new("apt-config").args(["dump", "Acquire::Snapshots::URI"])).map_err(told)?;
    let mut archives: BTreeSet<String> = configured.lines().filter_map(configured_archive).collect();
    let lists = run(Command::new("apt-config").args(["shell", "FOLDER", "Dir::State::lists/d"])).map_err(told)?;
    archives.extend(release_files(&lists).iter().filter_map(|text| archive_of_release(text)));
    if archives.is_empty() {
        return Err(SourceError::lasting(format!(
            "apt knows no archive of snapshots; {advice}"
        )));
    }
    Ok(archives.into_iter().collect())
}

/// The archive in a line such as `Acquire::Snapshots::URI::Origin::Debian "https://...";`.
fn configured_archive(line: &str) -> Option<String> {
    let (_, value) = line.split_once(" \"")?;
    let value = value.strip_suffix("\";")?;
    value.contains(PLACEHOLDER).then(|| value.to_string())
}

/// The Release files in apt's folder of lists, which apt-config tells as `FOLDER='...'`.
fn release_files(told: &str) -> Vec<String> {
    let folder = told.trim().trim_start_matches("FOLDER=").trim_matches('\'');
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let releases = paths.filter(|path| path.to_string_lossy().ends_with("Release"));
    releases.filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

/// The archive that a Release file of Debian's names in its field `Snapshots`.
fn archive_of_release(text: &str) -> Option<String> {
    let field = |name: &str| {
        let mut lines = text.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    };
    let snapshots = field("Snapshots").filter(|value| value.contains(PLACEHOLDER))?;
    (field("Origin") == Some("Debian") && field("Label") == Some("Debian")).then(|| snapshots.to_string())
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
    fn archives_of_snapshots_are_those_of_the_configuration_and_of_release_files() {
        let line = r#"Acquire::Snapshots::URI::Origin::Debian "https://snapshots.example/debian/@SNAPSHOTID@/";"#;
        let archive = "https://snapshots.example/debian/@SNAPSHOTID@/";
        assert_eq!(configured_archive(line).unwrap(), archive);
        assert!(configured_archive(r#"Acquire::Snapshots::URI "";"#).is_none());
        let release = format!("Origin: Debian\nLabel: Debian\nSnapshots: {archive}\n");
        assert_eq!(archive_of_release(&release).unwrap(), archive);
        let security = release.replace("Label: Debian", "Label: Debian-Security");
        assert!(archive_of_release(&security).is_none());
    }

    #[test]
    fn a_snapshot_is_a_time() {
        assert!(is_snapshot("20261129T000000Z"));
        assert!(!is_snapshot("pool") && !is_snapshot("20261129T00000Z0") && !is_snapshot("2026112aT000000Z"));
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

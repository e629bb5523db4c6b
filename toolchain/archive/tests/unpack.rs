//! Archives that must be unpacked, and archives that must be refused with nothing left behind.

use ampoule_archive::{Error, Format, Limit, Unpacking, unpack};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tar::{EntryType, Header};

const LIMIT: Limit = Limit {
    bytes: 1000,
    entries: 10,
};

/// An entry of a tar: its type, its path, its content or the target of the link.
type Entry<'a> = (EntryType, &'a str, &'a str);

const FILE: EntryType = EntryType::Regular;
const FOLDER: EntryType = EntryType::Directory;
const SYMLINK: EntryType = EntryType::Symlink;
const HARD_LINK: EntryType = EntryType::Link;

/// A tar with these entries, whose paths are written as they are.
fn tarball(entries: &[Entry]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (kind, path, content) in entries {
        let mut header = Header::new_gnu();
        header.set_entry_type(*kind);
        header.set_mode(if path.ends_with("program") { 0o4711 } else { 0o600 });
        header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
        let is_file = *kind == FILE;
        if !is_file {
            header.as_mut_bytes()[157..157 + content.len()].copy_from_slice(content.as_bytes());
        }
        let content = if is_file { content.as_bytes() } else { &[] };
        header.set_size(content.len() as u64);
        header.set_cksum();
        builder.append(&header, content).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 0);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn deb(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut builder = ar::Builder::new(Vec::new());
    for (name, content) in members {
        let header = ar::Header::new(name.as_bytes().to_vec(), content.len() as u64);
        builder.append(&header, content.as_slice()).unwrap();
    }
    builder.into_inner().unwrap()
}

fn zipped(entries: &[(&str, u32, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (path, mode, content) in entries {
        let options = zip::write::SimpleFileOptions::default().unix_permissions(*mode);
        match mode & 0o170_000 {
            0o120_000 => writer.add_symlink(*path, *content, options).unwrap(),
            _ => {
                writer.start_file(*path, options).unwrap();
                writer.write_all(content.as_bytes()).unwrap();
            }
        }
    }
    writer.finish().unwrap().into_inner()
}

/// A folder with an archive in it.
struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    fn new(archive: &[u8]) -> Case {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("archive"), archive).unwrap();
        Case { folder }
    }

    fn destination(&self) -> PathBuf {
        self.folder.path().join("destination")
    }

    fn unpack(&self, format: Format, strip: usize, limit: Limit, only: &[&str]) -> Result<(), Error> {
        let unpacking = Unpacking { format, strip };
        unpack(
            &unpacking,
            limit,
            &self.folder.path().join("archive"),
            &self.destination(),
            only,
        )
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.destination().join(path)).unwrap()
    }

    fn mode(&self, path: &str) -> u32 {
        let metadata = std::fs::metadata(self.destination().join(path)).unwrap();
        metadata.permissions().mode() & 0o7777
    }

    /// The archive is refused for this reason, and the folder holds nothing but the archive.
    fn is_refused(&self, format: Format, limit: Limit, reason: &str) {
        let error = self.unpack(format, 0, limit, &[]).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}\nshould say: {reason}");
        assert_eq!(names_in(self.folder.path()), ["archive"]);
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn tar_is_refused(entries: &[Entry], reason: &str) {
    Case::new(&gzip(&tarball(entries))).is_refused(Format::TarGz, LIMIT, reason);
    Case::new(&xz(&tarball(entries))).is_refused(Format::TarXz, LIMIT, reason);
}

#[test]
fn a_tar_is_unpacked_without_its_first_folder_and_with_plain_modes() {
    let archive = tarball(&[
        (FOLDER, "top/", ""),
        (FILE, "top/folder/file", "content"),
        (FILE, "top/program", "run"),
        (SYMLINK, "top/folder/link", "../program"),
        (HARD_LINK, "top/second", "top/folder/file"),
    ]);
    for (format, bytes) in [(Format::TarXz, xz(&archive)), (Format::TarGz, gzip(&archive))] {
        let case = Case::new(&bytes);
        case.unpack(format, 1, LIMIT, &[]).unwrap();
        assert_eq!(names_in(&case.destination()), ["folder", "program", "second"]);
        assert_eq!(
            (case.read("folder/file"), case.mode("folder/file")),
            ("content".to_string(), 0o644)
        );
        assert_eq!(
            (case.read("folder/link"), case.mode("program")),
            ("run".to_string(), 0o755)
        );
        assert_eq!(
            (case.read("second"), case.mode("folder")),
            ("content".to_string(), 0o755)
        );
    }
}

#[test]
fn a_deb_is_unpacked_from_its_data_member() {
    let data = tarball(&[(FILE, "./usr/lib/a", "a"), (FILE, "./usr/share/b", "b")]);
    let case = Case::new(&deb(&[
        ("debian-binary", b"2.0\n".to_vec()),
        ("control.tar.xz", xz(&tarball(&[(FILE, "./control", "no")]))),
        ("data.tar.xz", xz(&data)),
    ]));
    case.unpack(Format::Deb, 1, LIMIT, &["lib"]).unwrap();
    assert_eq!(case.read("lib/a"), "a");
    assert_eq!(names_in(&case.destination()), ["lib"]);
}

#[test]
fn a_deb_without_files_or_in_another_compression_is_refused() {
    Case::new(&deb(&[("debian-binary", b"2.0\n".to_vec())])).is_refused(Format::Deb, LIMIT, "has no member data.tar");
    let other = deb(&[("data.tar.zst", vec![1, 2, 3])]);
    Case::new(&other).is_refused(
        Format::Deb,
        LIMIT,
        "data.tar.zst is compressed in a way that is not read",
    );
}

#[test]
fn a_zip_is_unpacked() {
    let case = Case::new(&zipped(&[
        ("a/b", 0o600, "b"),
        ("a/run", 0o755, "r"),
        ("a/l", 0o120_777, "b"),
    ]));
    case.unpack(Format::Zip, 0, LIMIT, &[]).unwrap();
    assert_eq!((case.read("a/b"), case.mode("a/b")), ("b".to_string(), 0o644));
    assert_eq!((case.read("a/l"), case.mode("a/run")), ("b".to_string(), 0o755));
}

#[test]
fn a_path_that_leaves_the_archive_is_refused() {
    tar_is_refused(&[(FILE, "../outside", "x")], "leads out of the archive");
    tar_is_refused(&[(FILE, "a/../../outside", "x")], "leads out of the archive");
    tar_is_refused(&[(FILE, "/outside", "x")], "is absolute");
    tar_is_refused(&[(FILE, "a\\..\\..\\b", "x")], "has a backslash");
    tar_is_refused(&[(FILE, "C:/b", "x")], "no plain file name everywhere");
    for (path, reason) in [
        ("../x", "leads out of the archive"),
        ("/x", "is absolute"),
        ("a\\b", "has a backslash"),
    ] {
        Case::new(&zip_with_raw_name(path)).is_refused(Format::Zip, LIMIT, reason);
    }
}

/// A zip whose writer was told nothing of the rules for names: the name is put into the finished bytes.
fn zip_with_raw_name(name: &str) -> Vec<u8> {
    let innocent = "n".repeat(name.len());
    let mut bytes = zipped(&[(&innocent, 0o644, "content")]);
    let innocent = innocent.as_bytes();
    for start in 0..bytes.len() - innocent.len() {
        if &bytes[start..start + innocent.len()] == innocent && is_name_field(&bytes, start) {
            bytes[start..start + innocent.len()].copy_from_slice(name.as_bytes());
        }
    }
    bytes
}

/// Names follow a local header of 30 bytes or a central one of 46.
fn is_name_field(bytes: &[u8], start: usize) -> bool {
    let follows = |length: usize, magic: &[u8]| start >= length && bytes[start - length..].starts_with(magic);
    follows(30, b"PK\x03\x04") || follows(46, b"PK\x01\x02")
}

#[test]
fn a_link_that_leaves_the_archive_is_refused() {
    tar_is_refused(&[(SYMLINK, "a", "../outside")], "leads out of the archive");
    tar_is_refused(&[(SYMLINK, "a/b", "../../outside")], "leads out of the archive");
    tar_is_refused(&[(SYMLINK, "a", "/etc/passwd")], "leads out of the archive");
    tar_is_refused(&[(SYMLINK, "a/b", "c/../../../d")], "leads out of the archive");
    tar_is_refused(&[(HARD_LINK, "a", "/etc/passwd")], "is absolute");
    tar_is_refused(&[(HARD_LINK, "a", "b")], "no file of the archive before it");
    tar_is_refused(
        &[(SYMLINK, "a", "b"), (HARD_LINK, "c", "a")],
        "no file of the archive before it",
    );
    let link = zipped(&[("a", 0o120_777, "../outside")]);
    Case::new(&link).is_refused(Format::Zip, LIMIT, "leads out of the archive");
}

#[test]
fn a_link_above_the_stripped_folder_is_refused() {
    let case = Case::new(&gzip(&tarball(&[(SYMLINK, "top/a", "../top/b")])));
    let error = case.unpack(Format::TarGz, 1, LIMIT, &[]).unwrap_err().to_string();
    assert!(error.contains("leads out of the archive"), "{error}");
}

#[test]
fn nothing_is_written_through_a_link() {
    tar_is_refused(&[(SYMLINK, "a", "b"), (FILE, "a/c", "x")], "a is there twice");
    tar_is_refused(&[(FILE, "a/c", "x"), (SYMLINK, "a", "b")], "a is there twice");
    tar_is_refused(&[(FILE, "a", "x"), (FILE, "a/b", "x")], "a is there twice");
}

#[test]
fn entries_that_hide_others_are_refused() {
    tar_is_refused(&[(FILE, "a", "1"), (FILE, "a", "2")], "a is there twice");
    tar_is_refused(&[(FILE, "a/b", "1"), (FILE, "./a//b", "2")], "a/b is there twice");
    tar_is_refused(&[(FILE, "a", "1"), (FILE, "A", "2")], "differ in case only");
    tar_is_refused(&[(FILE, "Dir/a", "1"), (FILE, "dir/b", "2")], "differ in case only");
}

#[test]
fn devices_and_pipes_are_refused() {
    tar_is_refused(&[(EntryType::Char, "null", "")], "null is a device");
    tar_is_refused(&[(EntryType::Block, "disk", "")], "disk is a device");
    tar_is_refused(&[(EntryType::Fifo, "pipe", "")], "pipe is a pipe");
}

#[test]
fn more_than_the_pin_allows_is_refused() {
    let long = "x".repeat(600);
    tar_is_refused(
        &[(FILE, "a", &long), (FILE, "b", &long)],
        "more than the 1000 bytes that its pin allows",
    );
    let names: Vec<String> = (0..11).map(|number| format!("file{number}")).collect();
    let many: Vec<Entry> = names.iter().map(|name| (FILE, name.as_str(), "")).collect();
    tar_is_refused(&many, "more than the 10 entries that its pin allows");
    let zip = zipped(&[("a", 0o644, &long), ("b", 0o644, &long)]);
    Case::new(&zip).is_refused(Format::Zip, LIMIT, "more than the 1000 bytes that its pin allows");
}

#[test]
fn bytes_that_are_no_entry_count_too() {
    let mut archive = tarball(&[(FILE, "a", "x")]);
    archive.resize(archive.len() + (1 << 20), 0);
    Case::new(&gzip(&archive)).is_refused(Format::TarGz, LIMIT, "grows beyond the size that its pin allows");
    Case::new(&xz(&archive)).is_refused(Format::TarXz, LIMIT, "grows beyond the size that its pin allows");
}

#[test]
fn a_zip_that_announces_less_than_it_holds_is_refused() {
    let mut bytes = zipped(&[("bomb", 0o644, &"x".repeat(500))]);
    // The size without compression, at 24 in the central header and at 22 in the local one.
    let central = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    for field in [central + 24, 22] {
        bytes[field..field + 4].copy_from_slice(&10u32.to_le_bytes());
    }
    let error = Case::new(&bytes).unpack(Format::Zip, 0, LIMIT, &[]).unwrap_err();
    assert!(
        matches!(error, Error::Refused { .. } | Error::Damaged { .. }),
        "{error}"
    );
}

#[test]
fn a_truncated_archive_is_damaged_and_leaves_nothing() {
    let content = pseudo_random_text(900);
    let archive = tarball(&[(FILE, "a", &content)]);
    for (format, bytes) in [
        (Format::TarXz, xz(&archive)),
        (Format::TarGz, gzip(&archive)),
        (Format::Zip, zipped(&[("a", 0o644, &content)])),
        (Format::Deb, deb(&[("data.tar.xz", xz(&archive))])),
    ] {
        for length in [0, 10, bytes.len() / 2, bytes.len() - 6] {
            let case = Case::new(&bytes[..length]);
            let error = case.unpack(format, 0, LIMIT, &[]).unwrap_err();
            assert!(
                matches!(error, Error::Damaged { .. }),
                "{format:?} of {length} bytes: {error}"
            );
            assert_eq!(names_in(case.folder.path()), ["archive"]);
        }
    }
}

/// Text that compression cannot make much smaller.
fn pseudo_random_text(length: usize) -> String {
    let mut state = 1u32;
    let step = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b' ' + (state >> 24) as u8 % 90)
    };
    (0..length).map(step).collect()
}

#[test]
fn a_destination_that_is_there_is_not_touched() {
    let case = Case::new(&gzip(&tarball(&[(FILE, "a", "new")])));
    std::fs::create_dir(case.destination()).unwrap();
    std::fs::write(case.destination().join("a"), "old").unwrap();
    assert!(case.unpack(Format::TarGz, 0, LIMIT, &[]).is_err());
    assert_eq!(case.read("a"), "old");
}

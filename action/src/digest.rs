//! Digests of files and folders, in the form that Nix and Bazel take too.

use crate::FileError;
use crate::folder::Folder;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

/// A sha256 digest. Written in SRI form: `sha256-` and the base64 of its 32 bytes (W3C Subresource Integrity, section 3.5).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// A text that is not a digest in SRI form.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a digest: expected `sha256-` and 44 characters of base64")]
pub struct ParseDigestError(String);

impl Digest {
    /// The digest of some bytes.
    pub fn of_bytes(bytes: &[u8]) -> Digest {
        Digest(Sha256::digest(bytes).into())
    }

    /// The digest of what a reader gives until its end.
    ///
    /// # Errors
    /// The reader's own.
    pub fn of_reader(mut reader: impl Read) -> std::io::Result<Digest> {
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 1 << 18];
        loop {
            match reader.read(&mut buffer)? {
                0 => return Ok(Digest(hasher.finalize().into())),
                count => hasher.update(&buffer[..count]),
            }
        }
    }

    /// The digest of a file's content.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn of_file(path: &Path) -> Result<Digest, FileError> {
        let file = std::fs::File::open(path).map_err(FileError::reading(path))?;
        Digest::of_reader(file).map_err(FileError::reading(path))
    }

    /// The digest of a folder: of its NAR serialisation (Nix manual, "Nix Archive (NAR) format"), which holds names, contents,
    /// links and the executable bit, and neither times nor owners. A link that leads out of the folder is what it leads to.
    ///
    /// # Errors
    /// When something in it cannot be read, or is neither a file, a folder nor a symbolic link.
    pub fn of_folder(path: &Path) -> Result<Digest, FileError> {
        let digest = || {
            let root = path.canonicalize()?;
            let folder = Folder::new(&root)?;
            let encoder = nix_nar::Encoder::new_with_filesystem(&root, folder).map_err(std::io::Error::other)?;
            Digest::of_reader(encoder)
        };
        digest().map_err(FileError::reading(path))
    }

    /// The digest of a file or of a folder, whichever is there.
    ///
    /// # Errors
    /// As [`Digest::of_file`] and [`Digest::of_folder`].
    pub fn of_path(path: &Path) -> Result<Digest, FileError> {
        let metadata = std::fs::metadata(path).map_err(FileError::reading(path))?;
        if metadata.is_dir() {
            Digest::of_folder(path)
        } else {
            Digest::of_file(path)
        }
    }

    /// The 32 bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A digest that is known as its 32 bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Digest {
        Digest(bytes)
    }

    /// Reads 64 hexadecimal digits, as locks and checksum files have them; none if the text is not that.
    pub fn from_hexadecimal(text: &str) -> Option<Digest> {
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        let digits: Vec<u8> = text
            .as_bytes()
            .iter()
            .map(digit)
            .map(|digit| Some(digit? as u8))
            .collect::<Option<_>>()?;
        let bytes: Vec<u8> = digits
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
            .collect();
        (digits.len() == 64).then(|| bytes.try_into().map(Digest).ok())?
    }

    /// The digest as 64 hexadecimal digits, as file names have it.
    pub fn hexadecimal(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "sha256-{}", STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for Digest {
    type Err = ParseDigestError;

    fn from_str(text: &str) -> Result<Digest, ParseDigestError> {
        text.strip_prefix("sha256-")
            .and_then(|encoded| STANDARD.decode(encoded).ok())
            .and_then(|bytes| bytes.try_into().ok())
            .map(Digest)
            .ok_or_else(|| ParseDigestError(text.to_string()))
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits_are_read_back() {
        let digest = Digest::of_bytes(b"hello\n");
        assert_eq!(Digest::from_hexadecimal(&digest.hexadecimal()), Some(digest));
        assert_eq!(
            Digest::from_hexadecimal(&digest.hexadecimal().to_uppercase()),
            Some(digest)
        );
        assert_eq!(Digest::from_hexadecimal(&digest.hexadecimal()[1..]), None);
        assert_eq!(Digest::from_hexadecimal(&"x".repeat(64)), None);
    }

    #[test]
    fn a_file_has_the_sri_form_of_its_sha256() {
        let digest = Digest::of_bytes(b"hello\n");
        assert_eq!(
            digest.to_string(),
            "sha256-WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM="
        );
        assert_eq!(digest.to_string().parse::<Digest>().unwrap(), digest);
        assert!("sha256-short".parse::<Digest>().is_err());
    }

    #[test]
    fn a_folder_has_the_digest_that_nix_gives() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), "hello\n").unwrap();
        std::fs::create_dir(folder.path().join("b")).unwrap();
        // `nix hash path` on such a folder.
        assert_eq!(
            Digest::of_folder(folder.path()).unwrap(),
            Digest::of_bytes(&nar_of_the_example())
        );
    }

    #[cfg(unix)]
    #[test]
    fn what_a_link_leads_to_outside_is_part_of_a_folder() {
        use std::os::unix::fs::symlink;
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let file = outside.path().join("file");
        std::fs::write(&file, "one").unwrap();
        symlink(outside.path(), folder.path().join("link")).unwrap();
        symlink("..", outside.path().join("around")).unwrap();
        symlink("nowhere", folder.path().join("broken")).unwrap();
        let digest = || Digest::of_folder(folder.path()).unwrap();
        let before = digest();
        std::fs::write(&file, "two").unwrap();
        assert_ne!(before, digest());
        std::fs::write(&file, "one").unwrap();
        assert_eq!(before, digest());
        // As though the files themselves were there.
        std::fs::remove_file(folder.path().join("link")).unwrap();
        std::fs::create_dir(folder.path().join("link")).unwrap();
        symlink("..", folder.path().join("link/around")).unwrap();
        std::fs::write(folder.path().join("link/file"), "one").unwrap();
        assert_eq!(before, digest());
    }

    #[cfg(unix)]
    #[test]
    fn links_outside_that_lead_to_each_other_come_to_an_end() {
        use std::os::unix::fs::symlink;
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = |name: &str| outside.path().join(name);
        for (one, other) in [("a", "b"), ("b", "c"), ("c", "a")] {
            std::fs::create_dir(path(one)).unwrap();
            for number in 0..4 {
                symlink(path(other), path(one).join(format!("link{number}"))).unwrap();
            }
        }
        symlink(path("a"), folder.path().join("link")).unwrap();
        symlink(outside.path(), folder.path().join("all")).unwrap();
        Digest::of_folder(folder.path()).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_has_one_digest_by_whatever_link_it_is_reached() {
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let link = outside.path().join("link");
        std::os::unix::fs::symlink(folder.path(), &link).unwrap();
        std::fs::write(folder.path().join("file"), "one").unwrap();
        assert_eq!(
            Digest::of_path(&link).unwrap(),
            Digest::of_folder(folder.path()).unwrap()
        );
    }

    /// The NAR of the folder above, written out by the format's grammar.
    fn nar_of_the_example() -> Vec<u8> {
        let mut nar = Vec::new();
        let texts = [
            "nix-archive-1 ( type directory entry ( name a node ( type regular contents hello\n ) )",
            "entry ( name b node ( type directory ) ) )",
        ];
        for text in texts.iter().flat_map(|line| line.split(' ')) {
            nar.extend((text.len() as u64).to_le_bytes());
            nar.extend(text.as_bytes());
            nar.resize(nar.len().next_multiple_of(8), 0);
        }
        nar
    }
}

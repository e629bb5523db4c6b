//! An output as one file: a folder is its NAR serialisation, of which its digest is, a file is itself; both compressed.

use ampoule_action::{Digest, FileError, folder_of, make_folder};
use nix_nar::{Content, Decoder, Encoder};
use std::fs::File;
use std::io::{BufReader, Error, Read, Result};
use std::path::{Component, Path};

/// How hard zstd tries: better than its default by a tenth, at a few seconds for the toolchain.
const LEVEL: i32 = 12;

/// Writes an output's file and gives the digest of what is in it.
pub(crate) fn pack(output: &Path, file: &Path) -> std::result::Result<Digest, FileError> {
    make_folder(folder_of(file))?;
    let stream: Box<dyn Read> = match output.is_dir() {
        true => Box::new(Encoder::new(output).map_err(|error| FileError::reading(output)(Error::other(error)))?),
        false => Box::new(File::open(output).map_err(FileError::reading(output))?),
    };
    let packed = File::create(file).map_err(FileError::writing(file))?;
    let mut compressed = zstd::Encoder::new(packed, LEVEL).map_err(FileError::writing(file))?;
    let digest = Digest::of_reader(Tee(stream, &mut compressed)).map_err(FileError::reading(output))?;
    compressed.finish().map_err(FileError::writing(file))?;
    Ok(digest)
}

/// Writes to a new path what an output's file has, and gives its digest.
pub(crate) fn unpack(packed: impl Read, is_folder: bool, output: &Path) -> Result<Digest> {
    let stream = zstd::Decoder::new(packed)?;
    make_folder(folder_of(output)).map_err(Error::other)?;
    if is_folder {
        unpack_folder(BufReader::with_capacity(1 << 18, stream), output)?;
    } else {
        std::io::copy(&mut { stream }, &mut File::create_new(output)?)?;
    }
    Digest::of_path(output).map_err(Error::other)
}

fn unpack_folder(stream: impl Read, output: &Path) -> Result<()> {
    let decoder = Decoder::new(stream).map_err(Error::other)?;
    for entry in decoder.entries().map_err(Error::other)? {
        let entry = entry.map_err(Error::other)?;
        let below = entry.path.unwrap_or_default();
        if !is_inside(below.as_std_path()) {
            return Err(Error::other(format!("the path {below} leads out of its folder")));
        }
        // Without the slash that an empty path would add.
        let path = match below.as_str() {
            "" => output.to_path_buf(),
            below => output.join(below),
        };
        match entry.content {
            Content::Directory => std::fs::create_dir(&path)?,
            Content::Symlink { target } => make_link(target.as_std_path(), &path)?,
            Content::File {
                executable, mut data, ..
            } => {
                let mut file = File::create_new(&path)?;
                std::io::copy(&mut data, &mut file)?;
                set_mode(&file, executable)?;
            }
        }
    }
    Ok(())
}

/// Whether a path stays in the folder to which it is relative.
pub(crate) fn is_inside(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_)))
}

/// A reader that writes down what is read.
struct Tee<'w, R, W>(R, &'w mut W);

impl<R: Read, W: std::io::Write> Read for Tee<'_, R, W> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let Tee(reader, writer) = self;
        let count = reader.read(buffer)?;
        writer.write_all(&buffer[..count])?;
        Ok(count)
    }
}

#[cfg(unix)]
fn make_link(target: &Path, path: &Path) -> Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn make_link(target: &Path, _: &Path) -> Result<()> {
    Err(Error::other(format!(
        "no link to {} can be made here",
        target.display()
    )))
}

#[cfg(unix)]
fn set_mode(file: &File, executable: bool) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = if executable { 0o755 } else { 0o644 };
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &File, _: bool) -> Result<()> {
    Ok(())
}

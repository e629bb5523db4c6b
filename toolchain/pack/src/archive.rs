//! The wheel as an archive: sorted, without times, with its RECORD last.

use crate::Error;
use ampoule_action::FileError;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Writes a wheel of files on the disk and of the files of its `.dist-info`.
pub(crate) fn write(
    output: &Path,
    files: &BTreeMap<String, PathBuf>,
    folder: &str,
    metadata: &BTreeMap<String, Vec<u8>>,
) -> Result<(), Error> {
    let file = File::create(output).map_err(FileError::writing(output))?;
    let mut wheel = Wheel {
        archive: ZipWriter::new(BufWriter::new(file)),
        record: csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new()),
        output,
    };
    for (path, disk) in files {
        wheel.add(path, &ampoule_action::read(disk)?)?;
    }
    for (name, content) in metadata {
        wheel.add(&format!("{folder}/{name}"), content)?;
    }
    wheel.finish(&format!("{folder}/RECORD"))
}

/// A wheel under construction.
struct Wheel<'o> {
    archive: ZipWriter<BufWriter<File>>,
    record: csv::Writer<Vec<u8>>,
    output: &'o Path,
}

impl Wheel<'_> {
    fn add(&mut self, path: &str, content: &[u8]) -> Result<(), Error> {
        let digest = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(content));
        self.list(&[path, &format!("sha256={digest}"), &content.len().to_string()])?;
        self.store(path, content)
    }

    fn list(&mut self, line: &[&str; 3]) -> Result<(), Error> {
        let written = self.record.write_record(line);
        written.map_err(|error| Error::Record(error.to_string()))
    }

    fn store(&mut self, path: &str, content: &[u8]) -> Result<(), Error> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        self.archive.start_file(path, options)?;
        let written = self.archive.write_all(content);
        Ok(written.map_err(FileError::writing(self.output))?)
    }

    fn finish(mut self, path: &str) -> Result<(), Error> {
        self.list(&[path, "", ""])?;
        let unfinished = csv::WriterBuilder::new().from_writer(Vec::new());
        let record = std::mem::replace(&mut self.record, unfinished).into_inner();
        let record = record.map_err(|error| Error::Record(error.to_string()))?;
        self.store(path, &record)?;
        let mut file = self.archive.finish()?;
        Ok(file.flush().map_err(FileError::writing(self.output))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wheel of one file and one of its metadata.
    fn written() -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let (file, wheel) = (folder.path().join("a.py"), folder.path().join("a.whl"));
        std::fs::write(&file, "A = 1\n").unwrap();
        let files = BTreeMap::from([("a.py".to_string(), file)]);
        let metadata = BTreeMap::from([("WHEEL".to_string(), b"Wheel-Version: 1.0\n".to_vec())]);
        write(&wheel, &files, "a-1.dist-info", &metadata).unwrap();
        std::fs::read(wheel).unwrap()
    }

    #[test]
    fn a_wheel_is_the_same_from_another_folder_and_lists_what_it_holds() {
        let wheel = written();
        assert_eq!(wheel, written());
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(wheel)).unwrap();
        let names: Vec<_> = archive.file_names().map(Result::unwrap).collect();
        assert_eq!(names, ["a.py", "a-1.dist-info/WHEEL", "a-1.dist-info/RECORD"]);
        let record = std::io::read_to_string(archive.by_name("a-1.dist-info/RECORD").unwrap()).unwrap();
        let digest = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest("A = 1\n"));
        assert!(record.starts_with(&format!("a.py,sha256={digest},6\n")), "{record}");
        assert!(record.ends_with("a-1.dist-info/RECORD,,\n"), "{record}");
    }
}

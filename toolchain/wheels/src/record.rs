//! A wheel's RECORD: every file in it with its hash (PyPA, "Recording installed projects").

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::collections::BTreeMap;
use std::path::Path;

/// A file's line.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub(crate) struct Line {
    /// Its path in the wheel.
    pub(crate) path: String,
    /// `ALGORITHM=HASH`, or nothing.
    pub(crate) hash: String,
    /// Its size in bytes, or nothing.
    pub(crate) size: String,
}

/// Reads the lines, in their order.
pub(crate) fn read(text: &[u8]) -> Result<Vec<Line>, String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    reader
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| format!("its RECORD cannot be read: {error}"))
}

/// The lines as text.
pub(crate) fn write(lines: &[Line]) -> Result<Vec<u8>, String> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    for line in lines {
        writer.serialize(line).map_err(|error| error.to_string())?;
    }
    writer.into_inner().map_err(|error| error.to_string())
}

/// Checks that the files of an unpacked wheel are those of its RECORD, with the hashes given there.
///
/// `files` are their paths in the wheel, without the RECORD itself and its signatures.
pub(crate) fn verify(folder: &Path, files: &[String], lines: &[Line]) -> Result<(), String> {
    let listed: BTreeMap<&str, &Line> = lines.iter().map(|line| (line.path.as_str(), line)).collect();
    for file in files {
        let line = listed
            .get(file.as_str())
            .ok_or_else(|| format!("it holds {file}, which its RECORD does not list"))?;
        let content = std::fs::read(folder.join(file)).map_err(|error| format!("{file} cannot be read: {error}"))?;
        check(line, &content)?;
    }
    let missing = lines
        .iter()
        .find(|line| !is_exempt(&line.path) && !line.hash.is_empty() && !files.contains(&line.path));
    match missing {
        Some(line) => Err(format!("its RECORD lists {}, which it does not hold", line.path)),
        None => Ok(()),
    }
}

/// Whether a path is the RECORD's own or that of a signature of it, which have no hash.
pub(crate) fn is_exempt(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let folder = path.split('/').next().unwrap_or_default();
    folder.ends_with(".dist-info") && matches!(name, "RECORD" | "RECORD.jws" | "RECORD.p7s")
}

fn check(line: &Line, content: &[u8]) -> Result<(), String> {
    let path = &line.path;
    let (algorithm, expected) = line
        .hash
        .split_once('=')
        .ok_or_else(|| format!("its RECORD gives no hash of {path}"))?;
    let found = match algorithm {
        "sha256" => Sha256::digest(content).to_vec(),
        "sha384" => Sha384::digest(content).to_vec(),
        "sha512" => Sha512::digest(content).to_vec(),
        _ => {
            return Err(format!(
                "its RECORD has {algorithm} of {path}, which is not safe; sha256 or better is"
            ));
        }
    };
    let found = BASE64_URL_SAFE_NO_PAD.encode(found);
    if found != expected.trim_end_matches('=') {
        return Err(format!(
            "{path} is not what its RECORD says: it has {algorithm}={found}, there stands {}",
            line.hash
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `sha256=` of nothing.
    const EMPTY: &str = "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    fn verified(record: &str, files: &[(&str, &str)]) -> Result<(), String> {
        let folder = tempfile::tempdir().unwrap();
        for (path, content) in files {
            std::fs::write(folder.path().join(path), content).unwrap();
        }
        let names: Vec<String> = files.iter().map(|(path, _)| path.to_string()).collect();
        verify(folder.path(), &names, &read(record.as_bytes()).unwrap())
    }

    #[test]
    fn files_are_those_of_the_record() {
        let record = format!("a.py,{EMPTY},0\n\"b,c.py\",{EMPTY},0\nx-1.dist-info/RECORD,,\n");
        assert_eq!(verified(&record, &[("a.py", ""), ("b,c.py", "")]), Ok(()));
        let error = |files| verified(&record, files).unwrap_err();
        assert!(error(&[("a.py", ""), ("b,c.py", "x")]).starts_with("b,c.py is not what its RECORD says"));
        assert!(error(&[("a.py", "")]).contains("lists b,c.py, which it does not hold"));
        assert!(error(&[("a.py", ""), ("b,c.py", ""), ("d.py", "")]).contains("d.py, which its RECORD does not list"));
    }

    #[test]
    fn weak_hashes_are_refused() {
        let error = verified("a.py,md5=1B2M2Y8AsgTpgAmY7PhCfg,0\n", &[("a.py", "")]).unwrap_err();
        assert!(error.contains("md5"), "{error}");
        let error = verified("a.py,,\n", &[("a.py", "")]).unwrap_err();
        assert!(error.contains("no hash of a.py"), "{error}");
    }

    #[test]
    fn a_record_is_written_as_it_was_read() {
        let text = "a.py,sha256=x,1\n\"b,c.py\",,\n";
        assert_eq!(write(&read(text.as_bytes()).unwrap()).unwrap(), text.as_bytes());
    }
}

//! An archive on the command line of a stage that unpacks it.

use crate::{Error, Format, Limit, ParseFormatError, Unpacking, unpack};
use ampoule_action::Named;
use std::collections::BTreeMap;
use std::fmt;
use std::num::ParseIntError;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// An archive by the name that a stage knows it by, with how it is unpacked.
///
/// Its text is `NAME=FORMAT,strip=N,bytes=N,entries=N:FILE`, such as `zlib=tar.gz,strip=1,bytes=4000000,entries=300:zlib.crate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// The name.
    pub name: String,
    /// How it is unpacked.
    pub unpacking: Unpacking,
    /// What it may hold.
    pub limit: Limit,
    /// The file.
    pub file: PathBuf,
}

impl Archive {
    /// What a stage's parameters say of its archives: all but their content.
    pub fn parameters<'a>(archives: &'a [Archive]) -> BTreeMap<&'a str, serde_json::Value> {
        let parameter = |archive: &'a Archive| (archive.name.as_str(), archive.rules());
        archives.iter().map(parameter).collect()
    }

    fn rules(&self) -> serde_json::Value {
        let Archive {
            name: _,
            unpacking: Unpacking { format, strip },
            limit: Limit { bytes, entries },
            file: _,
        } = self;
        serde_json::json!({ "format": format.name(), "strip": strip, "bytes": bytes, "entries": entries })
    }

    /// The archives as a stage's inputs: their order is of no account.
    pub fn inputs(archives: &[Archive]) -> Vec<Named> {
        let mut inputs: Vec<Named> = archives
            .iter()
            .map(|archive| Named::new(&archive.name, &archive.file))
            .collect();
        inputs.sort_by(|one, other| one.name.cmp(&other.name));
        inputs
    }

    /// The archives of a stage that needs these, by their names.
    ///
    /// # Errors
    /// When one is not given, is given twice, or is not needed.
    pub fn needed<'a>(archives: &'a [Archive], names: &[&str]) -> Result<BTreeMap<&'a str, &'a Archive>, Error> {
        let refused = |name: &str, problem| Error::Given {
            name: name.to_string(),
            problem,
            needed: names.iter().map(ToString::to_string).collect(),
        };
        let mut found = BTreeMap::new();
        for archive in archives {
            let name = archive.name.as_str();
            if !names.contains(&name) {
                return Err(refused(name, "is not one of those that are needed"));
            }
            if found.insert(name, archive).is_some() {
                return Err(refused(name, "is given twice"));
            }
        }
        match names.iter().find(|name| !found.contains_key(**name)) {
            Some(name) => Err(refused(name, "is not given")),
            None => Ok(found),
        }
    }

    /// Unpacks it to a folder that is not there yet; of the paths in `only` (after stripping), or of all when there are none.
    ///
    /// # Errors
    /// As [`unpack`].
    pub fn unpack(&self, destination: &Path, only: &[&str]) -> Result<(), Error> {
        unpack(&self.unpacking, self.limit, &self.file, destination, only)
    }
}

impl fmt::Display for Archive {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Archive {
            name,
            unpacking: Unpacking { format, strip },
            limit: Limit { bytes, entries },
            file,
        } = self;
        let format = format.name();
        let file = file.display();
        write!(
            formatter,
            "{name}={format},strip={strip},bytes={bytes},entries={entries}:{file}"
        )
    }
}

/// A text that is not an archive of a command line.
#[derive(Debug, thiserror::Error)]
pub enum ParseArchiveError {
    /// A part is missing.
    #[error(
        "expected NAME=FORMAT,strip=N,bytes=N,entries=N:FILE, such as `zlib=tar.gz,strip=1,bytes=4000000,entries=300:zlib.crate`"
    )]
    Form,
    /// The format is none.
    #[error(transparent)]
    Format(#[from] ParseFormatError),
    /// A number is none.
    #[error("`{0}` is no number")]
    Number(String, #[source] ParseIntError),
}

impl FromStr for Archive {
    type Err = ParseArchiveError;

    fn from_str(text: &str) -> Result<Archive, ParseArchiveError> {
        let (name, rest) = text.split_once('=').ok_or(ParseArchiveError::Form)?;
        let (rules, file) = rest.split_once(':').ok_or(ParseArchiveError::Form)?;
        let rules: Vec<&str> = rules.split(',').collect();
        let [format, strip, bytes, entries] = rules[..] else {
            return Err(ParseArchiveError::Form);
        };
        if name.is_empty() || file.is_empty() {
            return Err(ParseArchiveError::Form);
        }
        Ok(Archive {
            name: name.to_string(),
            unpacking: Unpacking {
                format: format.parse::<Format>()?,
                strip: number(strip, "strip=")?,
            },
            limit: Limit {
                bytes: number(bytes, "bytes=")?,
                entries: number(entries, "entries=")?,
            },
            file: PathBuf::from(file),
        })
    }
}

fn number<Number: FromStr<Err = ParseIntError>>(rule: &str, key: &str) -> Result<Number, ParseArchiveError> {
    let text = rule.strip_prefix(key).ok_or(ParseArchiveError::Form)?;
    text.parse()
        .map_err(|error| ParseArchiveError::Number(text.to_string(), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "zlib=tar.gz,strip=1,bytes=4000000,entries=300:a=b:c,d.crate";

    fn archive(name: &str) -> Archive {
        TEXT.replace("zlib", name).parse().unwrap()
    }

    #[test]
    fn archives_are_read_and_written_alike() {
        let archive = archive("zlib");
        assert_eq!(archive.file, PathBuf::from("a=b:c,d.crate"));
        assert_eq!((archive.unpacking.strip, archive.limit.entries), (1, 300));
        assert_eq!(archive.to_string(), TEXT);
    }

    #[test]
    fn what_is_wrong_with_a_text_is_said() {
        for (from, to, said) in [
            ("zlib=", "", "expected NAME="),
            ("zlib", "", "expected NAME="),
            (",strip=1", "", "expected NAME="),
            (":a=b:c,d.crate", ":", "expected NAME="),
            ("tar.gz", "rar", "`rar` is not one of"),
            ("=300", "=many", "`many` is no number"),
        ] {
            let error = TEXT.replace(from, to).parse::<Archive>().unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn each_archive_that_is_needed_is_given_once() {
        let archives = [archive("xz"), archive("zlib")];
        let said = |archives: &[Archive], names: &[&str]| Archive::needed(archives, names).unwrap_err().to_string();
        let found = Archive::needed(&archives, &["zlib", "xz"]).unwrap();
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), ["xz", "zlib"]);
        assert_eq!(
            said(&archives, &["bzip2", "xz", "zlib"]),
            "the archive bzip2 is not given; --archive is needed for bzip2, xz, zlib"
        );
        assert_eq!(
            said(&archives, &["zlib"]),
            "the archive xz is not one of those that are needed; --archive is needed for zlib"
        );
        let twice = [archive("zlib"), archive("zlib")];
        assert!(said(&twice, &["zlib"]).starts_with("the archive zlib is given twice"));
    }

    #[test]
    fn all_but_the_file_is_a_parameter() {
        let archives = [archive("zlib"), archive("xz")];
        let parameters = serde_json::to_string(&Archive::parameters(&archives)).unwrap();
        let rules = r#"{"bytes":4000000,"entries":300,"format":"tar.gz","strip":1}"#;
        assert_eq!(parameters, format!(r#"{{"xz":{rules},"zlib":{rules}}}"#));
        let names: Vec<String> = Archive::inputs(&archives).into_iter().map(|input| input.name).collect();
        assert_eq!(names, ["xz", "zlib"]);
    }
}

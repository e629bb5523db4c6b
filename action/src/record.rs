//! The record of an action: what went in, what came out.

use crate::{Action, Digest, FileError, Named, Stage};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// What an action read and wrote, by digest. Its JSON is canonical (RFC 8785).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The stage's name.
    pub stage: String,
    /// The stage's version.
    pub version: String,
    /// The digest of the stage's code.
    pub code: String,
    /// The stage's parameters.
    pub parameters: BTreeMap<String, serde_json::Value>,
    /// The digest of each input, in the stage's own order where the order matters to it.
    pub inputs: Vec<Input>,
    /// The digest of each output. Not part of the key.
    pub outputs: BTreeMap<String, Digest>,
}

/// An input or output in a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The name that the stage gives it.
    pub name: String,
    /// The digest of its content.
    pub digest: Digest,
}

/// The key of an action: the digest of its canonical record without the outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(Digest);

impl Record {
    /// The record of a stage's action before it has run, with the digests that the caller finds.
    ///
    /// # Errors
    /// When a digest cannot be found.
    pub fn before<Error>(
        stage: &dyn Stage,
        action: &Action,
        mut digest: impl FnMut(&Named) -> Result<Digest, Error>,
    ) -> Result<Record, Error> {
        let inputs = action
            .inputs
            .iter()
            .map(|input| {
                Ok(Input {
                    name: input.name.clone(),
                    digest: digest(input)?,
                })
            })
            .collect::<Result<_, Error>>()?;
        Ok(Record {
            stage: stage.name().to_string(),
            version: stage.version().to_string(),
            code: stage.code().to_string(),
            parameters: action.parameters.clone(),
            inputs,
            outputs: BTreeMap::new(),
        })
    }

    /// The action's key.
    pub fn key(&self) -> Key {
        let mut value = serde_json::to_value(self).expect("a record is JSON");
        value.as_object_mut().expect("a record is an object").remove("outputs");
        Key(Digest::of_bytes(&canonical(&value)))
    }

    /// The record as canonical JSON.
    pub fn to_json(&self) -> Vec<u8> {
        canonical(&serde_json::to_value(self).expect("a record is JSON"))
    }

    /// Reads a record from JSON.
    ///
    /// # Errors
    /// When the file cannot be read or is no record.
    pub fn read(path: &Path) -> Result<Record, FileError> {
        let text = crate::read(path)?;
        serde_json::from_slice(&text).map_err(FileError::reading(path))
    }
}

impl Key {
    /// The key as 64 hexadecimal digits.
    pub fn hexadecimal(&self) -> String {
        self.0.hexadecimal()
    }
}

fn canonical(value: &serde_json::Value) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).expect("JSON without non-finite numbers has a canonical form")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record {
            stage: "link".into(),
            version: "1".into(),
            code: "sha256-x".into(),
            parameters: BTreeMap::from([("b".into(), true.into()), ("a".into(), 1.into())]),
            inputs: vec![Input {
                name: "base".into(),
                digest: Digest::of_bytes(b"base"),
            }],
            outputs: BTreeMap::new(),
        }
    }

    #[test]
    fn the_key_leaves_out_the_outputs_and_nothing_else() {
        let plain = record();
        let mut with_output = record();
        with_output.outputs.insert("linked".into(), Digest::of_bytes(b"x"));
        assert_eq!(plain.key(), with_output.key());
        let mut other = record();
        other.inputs[0].digest = Digest::of_bytes(b"other base");
        assert_ne!(plain.key(), other.key());
        let mut other = record();
        other.code = "sha256-y".into();
        assert_ne!(plain.key(), other.key());
    }

    #[test]
    fn the_json_is_canonical() {
        let text = String::from_utf8(record().to_json()).unwrap();
        assert!(
            text.starts_with(r#"{"code":"sha256-x","inputs":[{"digest":"sha256-"#),
            "{text}"
        );
        assert!(text.contains(r#""parameters":{"a":1,"b":true}"#), "{text}");
    }
}

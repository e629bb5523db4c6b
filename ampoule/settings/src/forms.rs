//! The forms in which a project file gives several values.

use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};
use std::collections::BTreeMap;
use std::fmt::Display;

/// One value, or a list.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a string or a list of strings")]
pub enum OneOrMore<T> {
    /// One.
    One(T),
    /// A list.
    More(Vec<T>),
}

/// Reads one value or a list.
///
/// # Errors
/// When it is neither.
pub fn one_or_more<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(match OneOrMore::deserialize(deserializer)? {
        OneOrMore::One(value) => vec![value],
        OneOrMore::More(values) => values,
    })
}

/// Reads a table of strings, each entry a value.
pub(crate) fn table<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<(String, String), Error: Display>,
{
    let entries = BTreeMap::<String, String>::deserialize(deserializer)?.into_iter();
    let values = entries.map(|entry| T::try_from(entry).map_err(D::Error::custom));
    values.collect()
}

/// Writes pairs as a table; of several values of a key, the last.
pub(crate) fn as_table<'a, S, T>(pairs: &'a [T], serializer: S) -> Result<S::Ok, S::Error>
where
    S: Serializer,
    (&'a str, &'a str): From<&'a T>,
{
    let entries: BTreeMap<&str, &str> = pairs.iter().map(Into::into).collect();
    serializer.collect_map(entries)
}

//! How large a component may be.

use schemars::JsonSchema;
use serde::Deserialize;
use std::str::FromStr;

/// The limits of a component.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table with `raw` or `zstd`")]
pub struct Budget {
    /// Of the file itself
    pub raw: Option<Bytes>,
    /// Of the file compressed by Zstandard at level 19, which takes seconds
    pub zstd: Option<Bytes>,
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub struct Bytes(pub u64);

/// A number of bytes as the project file has it.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a number of bytes or a text such as `8 MB`")]
enum Written {
    Number(u64),
    Text(String),
}

/// The units; without the `i` they are those of the decimal system.
const UNITS: [(&str, u64); 7] = [
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
];

impl TryFrom<Written> for Bytes {
    type Error = String;

    fn try_from(written: Written) -> Result<Bytes, String> {
        match written {
            Written::Number(number) => Ok(Bytes(number)),
            Written::Text(text) => text.parse(),
        }
    }
}

impl FromStr for Bytes {
    type Err = String;

    fn from_str(text: &str) -> Result<Bytes, String> {
        let refused = || {
            let units = UNITS.map(|(unit, _)| unit).join(", ");
            format!("`{text}` is no size: write a number with one of the units {units}, such as `8 MB` or `2.5 MiB`")
        };
        let end = text.find(|character: char| !character.is_ascii_digit() && character != '.');
        let (number, unit) = text.split_at(end.unwrap_or(text.len()));
        let unit = match unit.trim() {
            "" => 1,
            unit => UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(refused)?.1,
        };
        let number: f64 = number.parse().map_err(|_| refused())?;
        Ok(Bytes((number * unit as f64).round() as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        let read = |text: &str| text.parse::<Bytes>().map(|Bytes(bytes)| bytes);
        assert_eq!(read("8 MB"), Ok(8_000_000));
        assert_eq!(read("2.5MiB"), Ok(2_621_440));
        assert_eq!(read("800 kB"), Ok(800_000));
        assert_eq!(read("123"), Ok(123));
        for wrong in ["", "MB", "8 mb", "-1 MB", "1.2.3 MB", "8 MB now"] {
            let complaint = read(wrong).unwrap_err();
            assert!(complaint.contains("such as `8 MB`"), "{complaint}");
        }
    }
}

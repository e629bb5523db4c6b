//! The bill of materials: what something is made of, as CycloneDX 1.6 JSON.

use crate::Error;
use ampoule_action::Digest;
use ampoule_fetch::{Pin, PinnedFile};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What a bill is about, and its parts.
#[derive(Clone, Debug)]
pub struct Bill {
    /// The whole.
    pub whole: Part,
    /// All that it is made of or with.
    pub parts: Vec<Part>,
}

/// A part of the whole.
#[derive(Clone, Debug)]
pub struct Part {
    /// The name by which other parts refer to it, unique in the bill.
    pub reference: String,
    /// Its own name.
    pub name: String,
    /// Its version, if it has one.
    pub version: Option<String>,
    /// An SPDX expression, if it is known.
    pub license: Option<String>,
    /// The package URL, if it has one.
    pub purl: Option<String>,
    /// The sha256 (hexadecimal) of the file that it was fetched as, or of the whole itself.
    pub sha256: Option<String>,
    /// Whether it ends up in the whole.
    pub scope: Scope,
    /// The references of what it is made of itself.
    pub made_of: Vec<String>,
}

/// Whether a part ends up in the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Code of it is in the whole.
    Contained,
    /// It only helps to build the whole.
    Tool,
}

impl Part {
    /// A pinned input as it is fetched for one platform.
    pub fn of_pin(pin: &Pin, file: &PinnedFile, scope: Scope) -> Part {
        let known = |text: &str| (!text.is_empty()).then(|| text.to_string());
        Part {
            reference: format!("pin:{}", pin.name),
            name: pin.name.clone(),
            version: known(&pin.version),
            license: known(&pin.license),
            purl: known(&pin.purl),
            sha256: Some(file.digest.hexadecimal()),
            scope,
            made_of: Vec::new(),
        }
    }

    /// The part as a `component` of the format.
    fn component(&self, kind: &str) -> Value {
        let mut component = json!({
            "type": kind,
            "bom-ref": self.reference,
            "name": self.name,
            "scope": match self.scope {
                Scope::Contained => "required",
                Scope::Tool => "excluded",
            },
        });
        let license = |expression| json!([{"expression": expression}]);
        let hashes = |content| json!([{"alg": "SHA-256", "content": content}]);
        let optional = [
            ("version", self.version.as_ref().map(|version| json!(version))),
            ("purl", self.purl.as_ref().map(|purl| json!(purl))),
            ("licenses", self.license.as_ref().map(license)),
            ("hashes", self.sha256.as_ref().map(hashes)),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                component[name] = value;
            }
        }
        component
    }

    fn dependency(&self) -> Value {
        let made_of: BTreeSet<&String> = self.made_of.iter().collect();
        json!({"ref": self.reference, "dependsOn": made_of})
    }

    fn check(&self, references: &BTreeSet<&str>) -> Result<(), Error> {
        let invalid = |reason: String| Error::InvalidPart {
            part: self.reference.clone(),
            reason,
        };
        if let Some(license) = &self.license
            && let Err(error) = spdx::Expression::parse(license)
        {
            return Err(invalid(format!("`{license}` is no SPDX expression: {}", error.reason)));
        }
        match self.made_of.iter().find(|name| !references.contains(name.as_str())) {
            Some(name) => Err(invalid(format!("it is made of `{name}`, which is not in the bill"))),
            None => Ok(()),
        }
    }
}

/// A licence as it is found in packages' metadata, if it is an SPDX expression; older ones have a slash for `OR`.
pub fn license(text: &str) -> Option<String> {
    let expression = text.split('/').map(str::trim).collect::<Vec<_>>().join(" OR ");
    spdx::Expression::parse(&expression).ok()?;
    Some(expression)
}

/// The package URL of a version of a package in a registry.
pub fn purl(kind: &str, name: &str, version: &str) -> String {
    format!("pkg:{kind}/{name}@{}", version.replace('+', "%2B"))
}

impl Bill {
    /// The bill as canonical JSON. Its serial number is derived from its content (RFC 9562, version 8).
    ///
    /// # Errors
    /// When a part's licence is none, two parts have one reference, or a reference leads nowhere.
    pub fn to_json(&self) -> Result<Vec<u8>, Error> {
        let parts = self.by_reference()?;
        let all = || std::iter::once(&self.whole).chain(parts.values().copied());
        let references = all().map(|part| part.reference.as_str()).collect();
        for part in all() {
            part.check(&references)?;
        }
        let components: Vec<Value> = parts.values().map(|part| part.component("library")).collect();
        let dependencies: Vec<Value> = all().map(Part::dependency).collect();
        let mut bill = json!({
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "version": 1,
            "metadata": {"component": self.whole.component("application")},
            "components": components,
            "dependencies": dependencies,
        });
        let digest = Digest::of_bytes(&canonical(&bill));
        let (bytes, _) = digest.bytes().split_first_chunk().expect("a digest has 32 bytes");
        let number = uuid::Builder::from_custom_bytes(*bytes).into_uuid();
        bill["serialNumber"] = json!(number.urn().to_string());
        let mut text = canonical(&bill);
        text.push(b'\n');
        Ok(text)
    }

    /// The parts in the order of their references, so that it does not matter where they were found.
    fn by_reference(&self) -> Result<BTreeMap<&str, &Part>, Error> {
        let mut parts = BTreeMap::new();
        for part in &self.parts {
            if part.reference == self.whole.reference || parts.insert(part.reference.as_str(), part).is_some() {
                return Err(Error::InvalidPart {
                    part: part.reference.clone(),
                    reason: "it is there twice".to_string(),
                });
            }
        }
        Ok(parts)
    }
}

fn canonical(value: &Value) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).expect("JSON without non-finite numbers has a canonical form")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ampoule_fetch::{Pins, Platform};

    fn bill() -> Bill {
        let platform = Platform::named("x86_64-linux");
        let parts: Vec<Part> = Pins::embedded()
            .all()
            .iter()
            .map(|pin| Part::of_pin(pin, pin.file(&platform).unwrap(), Scope::Contained))
            .collect();
        let whole = Part {
            reference: "ampoule".to_string(),
            name: "ampoule".to_string(),
            version: Some("1".to_string()),
            license: None,
            purl: None,
            sha256: None,
            scope: Scope::Contained,
            made_of: parts.iter().map(|part| part.reference.clone()).collect(),
        };
        Bill { whole, parts }
    }

    fn json(bill: &Bill) -> Value {
        serde_json::from_slice(&bill.to_json().unwrap()).unwrap()
    }

    #[test]
    fn all_pins_make_a_bill() {
        let json = json(&bill());
        assert_eq!(json["bomFormat"], "CycloneDX");
        assert!(json["metadata"].get("timestamp").is_none());
        let components = json["components"].as_array().unwrap();
        let pins = Pins::embedded();
        assert_eq!(components.len(), pins.all().len());
        let zlib = components.iter().find(|part| part["name"] == "zlib").unwrap();
        let pin = pins.pin("zlib").unwrap();
        assert_eq!(zlib["purl"], pin.purl);
        assert_eq!(zlib["hashes"][0]["content"], pin.files[0].digest.hexadecimal());
        assert_eq!(zlib["licenses"][0]["expression"], "Zlib");
        assert_eq!(
            json["dependencies"][0]["dependsOn"].as_array().unwrap().len(),
            components.len()
        );
    }

    #[test]
    fn the_order_of_the_parts_does_not_matter_and_their_content_does() {
        let first = bill();
        let mut other = bill();
        other.parts.reverse();
        assert_eq!(first.to_json().unwrap(), other.to_json().unwrap());
        other.parts[0].version = Some("other".to_string());
        assert_ne!(json(&first)["serialNumber"], json(&other)["serialNumber"]);
    }

    #[test]
    fn a_part_that_is_not_valid_is_named() {
        let refused = |change: fn(&mut Bill)| {
            let mut bill = bill();
            change(&mut bill);
            bill.to_json().unwrap_err().to_string()
        };
        let error = refused(|bill| bill.parts[0].license = Some("free as in beer".to_string()));
        assert!(
            error.contains("cpython") && error.contains("no SPDX expression"),
            "{error}"
        );
        let error = refused(|bill| bill.parts.push(bill.parts[0].clone()));
        assert!(error.contains("it is there twice"), "{error}");
        let error = refused(|bill| bill.whole.made_of.push("pkg:generic/lost@1".to_string()));
        assert!(
            error.contains("`pkg:generic/lost@1`, which is not in the bill"),
            "{error}"
        );
    }

    #[test]
    fn licenses_of_old_packages_are_understood() {
        assert_eq!(license("MIT/Apache-2.0").as_deref(), Some("MIT OR Apache-2.0"));
        assert_eq!(license("BSD"), None);
    }
}

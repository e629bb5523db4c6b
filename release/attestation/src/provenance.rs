//! Provenance of one action: an in-toto Statement v1 with the predicate SLSA Provenance v1.

use ampoule_action::{Digest, Record};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The type of every statement: in-toto's, version 1.
const STATEMENT: &str = "https://in-toto.io/Statement/v1";

/// The type of its predicate: SLSA's provenance, version 1.
const PREDICATE: &str = "https://slsa.dev/provenance/v1";

/// How the parameters and inputs of an action are to be read; `docs/release.md` says it.
const BUILD_TYPE: &str = "ampoule:action/v1";

/// Who has built, where nobody says otherwise.
pub const BUILDER: &str = "ampoule:builder/local";

/// An action with what its record does not hold: which artifacts are folders, and where the inputs came from.
#[derive(Clone, Debug)]
pub struct Action {
    /// The record.
    pub record: Record,
    /// The inputs, in the record's order.
    pub inputs: Vec<Artifact>,
    /// The outputs.
    pub outputs: Vec<Artifact>,
}

/// A file or folder that an action read or wrote.
#[derive(Clone, Debug)]
pub struct Artifact {
    /// The name that the stage gives it.
    pub name: String,
    /// Its digest.
    pub digest: Digest,
    /// Whether it is a folder, whose digest is that of its NAR serialisation.
    pub is_folder: bool,
    /// Where it came from, for an input that is not the user's own.
    pub origin: Option<Origin>,
}

/// Where an input came from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// From outside, pinned.
    Pin {
        /// The package URL.
        purl: String,
        /// Where the file can be fetched, if it has an address of its own.
        location: Option<String>,
    },
    /// From another action.
    Action {
        /// The action's key.
        key: String,
        /// The output, with the path inside it if it is not the whole.
        output: String,
    },
}

/// An in-toto statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Statement {
    /// The type of the statement.
    #[serde(rename = "_type")]
    pub statement_type: String,
    /// What it is about: the action's outputs.
    pub subject: Vec<Resource>,
    /// The type of the predicate.
    pub predicate_type: String,
    /// What is said about the subject.
    pub predicate: Provenance,
}

/// A resource descriptor of in-toto.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Resource {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The identity: a package URL, or the action and output that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// Digests by algorithm: `sha256` (hexadecimal) of a file, `narHash` (as Nix writes it) of a folder.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub digest: BTreeMap<String, String>,
    /// Where it can be fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub download_location: Option<String>,
}

/// The predicate: SLSA's provenance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Provenance {
    /// What was to be done.
    pub build_definition: BuildDefinition,
    /// What did it.
    pub run_details: RunDetails,
}

/// The inputs of a build.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuildDefinition {
    /// How the rest is to be read.
    pub build_type: String,
    /// The stage and its parameters.
    pub external_parameters: Value,
    /// The version and the code of the stage.
    pub internal_parameters: Value,
    /// All that the action read.
    pub resolved_dependencies: Vec<Resource>,
}

/// The run of a build.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunDetails {
    /// Who built.
    pub builder: Builder,
    /// Which build it was.
    pub metadata: Metadata,
}

/// Who built.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Builder {
    /// A URI.
    pub id: String,
}

/// Which build it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Metadata {
    /// The action's key: equal for equal inputs, parameters and code.
    pub invocation_id: String,
}

impl Statement {
    /// What `builder` (a URI) says of the build that gave the subject.
    pub fn new(subject: Vec<Resource>, definition: BuildDefinition, builder: &str, invocation_id: String) -> Statement {
        Statement {
            statement_type: STATEMENT.to_string(),
            subject,
            predicate_type: PREDICATE.to_string(),
            predicate: Provenance {
                build_definition: definition,
                run_details: RunDetails {
                    builder: Builder {
                        id: builder.to_string(),
                    },
                    metadata: Metadata { invocation_id },
                },
            },
        }
    }

    /// The identity of what the build gave under a name.
    pub fn output_uri(&self, name: &str) -> String {
        action_output(&self.predicate.run_details.metadata.invocation_id, name)
    }
}

impl BuildDefinition {
    /// The digest of the definition, which tells builds apart that are no actions of the chain and so have no key.
    pub fn digest(&self) -> String {
        Digest::of_bytes(&serde_json_canonicalizer::to_vec(self).expect("a definition is JSON")).hexadecimal()
    }
}

impl Action {
    /// The action's provenance, by the builder with a URI.
    pub fn statement(&self, builder: &str) -> Statement {
        let record = &self.record;
        let definition = BuildDefinition {
            build_type: BUILD_TYPE.to_string(),
            external_parameters: json!({"stage": record.stage, "parameters": record.parameters}),
            internal_parameters: json!({"version": record.version, "code": record.code}),
            resolved_dependencies: self.inputs.iter().map(Artifact::resource).collect(),
        };
        let subject = self.outputs.iter().map(Artifact::resource).collect();
        Statement::new(subject, definition, builder, record.key().hexadecimal())
    }
}

impl Artifact {
    fn resource(&self) -> Resource {
        let (uri, download_location) = match &self.origin {
            None => (None, None),
            Some(Origin::Pin { purl, location }) => (Some(purl.clone()), location.clone()),
            Some(Origin::Action { key, output }) => (Some(action_output(key, output)), None),
        };
        Resource {
            name: Some(self.name.clone()),
            uri,
            digest: digests(&self.digest, self.is_folder),
            download_location,
        }
    }
}

/// The identity of what an action gave: `output` is its name, with the path inside it if it is not the whole.
fn action_output(key: &str, output: &str) -> String {
    format!("ampoule:action/{key}#{output}")
}

/// A digest as in-toto has it. NAR digests have no name there: the one of Nix's lock files is used, with Nix's way of writing it.
pub fn digests(digest: &Digest, is_folder: bool) -> BTreeMap<String, String> {
    if is_folder {
        BTreeMap::from([("narHash".to_string(), digest.to_string())])
    } else {
        BTreeMap::from([("sha256".to_string(), digest.hexadecimal())])
    }
}

/// Statements as JSON Lines: the canonical JSON (RFC 8785) of each, in order.
pub fn json_lines<'a>(statements: impl IntoIterator<Item = &'a Statement>) -> Vec<u8> {
    let mut text = Vec::new();
    for statement in statements {
        text.extend(serde_json_canonicalizer::to_vec(statement).expect("a statement is JSON"));
        text.push(b'\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use ampoule_action::Input;

    fn action() -> Action {
        let digest = Digest::of_bytes(b"source");
        let artifact = |name: &str, is_folder, origin| Artifact {
            name: name.to_string(),
            digest,
            is_folder,
            origin,
        };
        let pin = Origin::Pin {
            purl: "pkg:generic/zlib@1.3".to_string(),
            location: Some("https://example.com/zlib.tar.gz".to_string()),
        };
        let sdk = Origin::Action {
            key: "00ff".to_string(),
            output: "sdk".to_string(),
        };
        Action {
            record: Record {
                stage: "cpython".to_string(),
                version: "1".to_string(),
                code: "sha256-x".to_string(),
                parameters: BTreeMap::from([("python".to_string(), "3.13".into())]),
                inputs: ["zlib", "sdk", "/app/app.py"]
                    .map(|name| Input {
                        name: name.to_string(),
                        digest,
                    })
                    .to_vec(),
                outputs: BTreeMap::from([("cpython".to_string(), digest)]),
            },
            inputs: vec![
                artifact("zlib", false, Some(pin)),
                artifact("sdk", true, Some(sdk)),
                artifact("/app/app.py", false, None),
            ],
            outputs: vec![artifact("cpython", true, None)],
        }
    }

    #[test]
    fn a_statement_names_each_input_with_digest_and_origin() {
        let statement = action().statement("https://example.com/builder");
        let json = serde_json::to_value(&statement).unwrap();
        assert_eq!(json["_type"], "https://in-toto.io/Statement/v1");
        assert_eq!(json["predicateType"], "https://slsa.dev/provenance/v1");
        let definition = &json["predicate"]["buildDefinition"];
        let hexadecimal = Digest::of_bytes(b"source").hexadecimal();
        let nar = Digest::of_bytes(b"source").to_string();
        assert_eq!(
            definition["resolvedDependencies"],
            json!([
                {"name": "zlib", "uri": "pkg:generic/zlib@1.3", "digest": {"sha256": hexadecimal},
                 "downloadLocation": "https://example.com/zlib.tar.gz"},
                {"name": "sdk", "uri": "ampoule:action/00ff#sdk", "digest": {"narHash": nar}},
                {"name": "/app/app.py", "digest": {"sha256": hexadecimal}},
            ])
        );
        assert_eq!(
            json["subject"],
            json!([{"name": "cpython", "digest": {"narHash": nar}}])
        );
        assert_eq!(
            definition["externalParameters"],
            json!({"stage": "cpython", "parameters": {"python": "3.13"}})
        );
        assert_eq!(
            json["predicate"]["runDetails"]["metadata"]["invocationId"],
            action().record.key().hexadecimal()
        );
    }

    #[test]
    fn lines_are_read_back_as_the_same_statements() {
        let statement = action().statement(BUILDER);
        let text = String::from_utf8(json_lines([&statement, &statement])).unwrap();
        let read: Vec<Statement> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(read, [statement.clone(), statement]);
    }
}

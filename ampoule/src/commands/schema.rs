//! `ampoule schema`: what editors need to know of the keys of `[tool.ampoule]`.

use crate::error::Failure;
use crate::settings::schema;
use ampoule_action::print_result;
use serde_json::json;

/// Flags of `ampoule schema`.
#[derive(Debug, clap::Args)]
pub struct SchemaCommand {
    /// Print a schema of the whole pyproject.toml, which knows this table of it and lets others be
    #[arg(long)]
    pyproject: bool,
}

impl SchemaCommand {
    /// Prints the schema (JSON Schema, draft 2020-12).
    pub fn perform(&self) -> Result<(), Failure> {
        let table = schema();
        let schema = if self.pyproject {
            json!({
                "$schema": table["$schema"],
                "title": "pyproject.toml",
                "type": "object",
                "properties": { "tool": { "type": "object", "properties": { "ampoule": table } } },
            })
        } else {
            table
        };
        Ok(print_result(
            serde_json::to_string_pretty(&schema).expect("a schema is JSON"),
        )?)
    }
}

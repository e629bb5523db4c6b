//! The stage's command line.

use crate::{Producer, encode};
use ampoule_action::{Action, Console, Outputs, Stage, StageError};
use std::path::PathBuf;

/// Make a component of a snapshot
#[derive(Clone, Debug, clap::Args)]
pub struct Component {
    /// Core module with `component-type` sections: the output of `snapshot`
    #[arg(long, value_name = "FILE")]
    pub module: PathBuf,
    /// Version of CPython that is named in the producers section
    #[arg(long, value_name = "VERSION")]
    pub python_version: String,
    /// File of the component
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
}

impl Stage for Component {
    fn name(&self) -> &'static str {
        "component"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            module,
            python_version,
            output,
        } = self;
        Action::default()
            .parameter("python-version", python_version)
            .input("module", module)
            .output("component", output)
    }

    fn execute(&self, outputs: &Outputs, _: &Console) -> Result<(), StageError> {
        let module = ampoule_action::read(&self.module)?;
        let producers = [
            Producer {
                field: "language",
                name: "Python",
                version: &self.python_version,
            },
            Producer {
                field: "sdk",
                name: "CPython",
                version: &self.python_version,
            },
            Producer {
                field: "processed-by",
                name: "ampoule",
                version: self.version(),
            },
        ];
        let component = encode(&module, &producers)?;
        ampoule_action::write(&outputs.path("component"), component)?;
        Ok(())
    }
}

//! The build action.

use crate::{Error, base, guest, library, start};
use crate::work::write;
use ampoule_action::{Console, Named, Outputs, Stage, StageError};
use ampoule_sdk::Sdk;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Makes the interpreter: CPython's core with the guest runtime, initialised, and the compiled stdlib.
#[derive(Clone, Debug, clap::Args)]
pub struct Interpreter {
    /// The SDK's folder
    #[arg(long, value_name = "DIR")]
    pub sdk: PathBuf,
    /// The output of the cpython stage
    #[arg(long, value_name = "DIR")]
    pub cpython: PathBuf,
    /// The folder to write: base.wasm, initialised.wasm, initialised.cwasm, lib/python3.13, imports.json
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
}

impl Stage for Interpreter {
    fn name(&self) -> &'static str {
        "interpreter"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn parameters(&self) -> BTreeMap<String, Value> {
        // The precompiled module depends on the machine's architecture.
        BTreeMap::from([("target".to_owned(), json!(ampoule_host::target()))])
    }

    fn inputs(&self) -> Vec<Named> {
        vec![Named::new("sdk", &self.sdk), Named::new("cpython", &self.cpython)]
    }

    fn outputs(&self) -> Vec<Named> {
        vec![Named::new("interpreter", &self.output)]
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        let output = outputs.path("interpreter");
        ampoule_host::on_large_stack(|| self.make(&output, console))??;
        Ok(())
    }
}

impl Interpreter {
    fn make(&self, output: &Path, console: &Console) -> Result<(), Error> {
        let mut done = 0;
        let mut step = |name: &str| {
            console.step(name, done, 5);
            done += 1;
        };
        let sdk = Sdk::open(&self.sdk)?;
        let work = tempfile::tempdir().map_err(Error::writing(output))?;

        step("compiling the guest");
        let objects = guest::compile(&sdk, &self.cpython.join("include/python3.13"), work.path())?;
        step("linking the interpreter");
        let base = base::link(&sdk, &self.cpython, &objects, work.path())?;
        step("starting the interpreter");
        let sources = library::sources(&self.cpython)?;
        let initialised = start::initialised(&base, library::image(&sources)?)?;
        step("precompiling the interpreter");
        let compiled = ampoule_host::precompile(&initialised)?;
        step("compiling the stdlib");
        let library = library::compile(&compiled, &sources)?;

        write(&output.join("base.wasm"), &base)?;
        write(&output.join("initialised.wasm"), &initialised)?;
        write(&output.join("initialised.cwasm"), &compiled)?;
        write(&output.join("imports.json"), &library.imports)?;
        library::write_folder(output, &sources, &library)?;
        console.step("done", 5, 5);
        Ok(())
    }
}

//! The build action.

use crate::{Error, base, compact, extensions, guest, library, start};
use ampoule_action::{Action, Console, Named, Outputs, Stage, StageError, temporary_folder, write};
use ampoule_sdk::Sdk;
use ampoule_settings::PythonSettings;
use std::path::PathBuf;

/// Make the interpreter: CPython's core with the guest runtime, initialised, and the compiled stdlib
#[derive(Clone, Debug, clap::Args)]
pub struct Interpreter {
    /// The SDK's folder
    #[arg(long, value_name = "DIR")]
    pub sdk: PathBuf,
    /// The output of the cpython stage
    #[arg(long, value_name = "DIR")]
    pub cpython: PathBuf,
    /// Seed of the hashes of strings and bytes, as PYTHONHASHSEED: with 0 they are not randomised
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    pub hash_seed: u32,
    /// What Python is started with.
    #[command(flatten)]
    pub python: PythonSettings,
    /// The folder to write: base.wasm, initialised.wasm, initialised.cwasm, lib/python3.*, imports.json, precompiled-extensions
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

    fn describe(&self) -> Action {
        let Self {
            sdk,
            cpython,
            hash_seed,
            python,
            output,
        } = self;
        let action = Action::default()
            // The precompiled module depends on the machine's architecture.
            .parameter("target", ampoule_host::target())
            .parameter("hash-seed", hash_seed)
            .parameters(python)
            .input("sdk", sdk)
            .input("cpython", cpython);
        action.outputs(OUTPUTS.map(|(name, path)| Named::new(name, output.join(path))))
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        ampoule_host::on_large_stack(|| self.make(outputs, console))??;
        Ok(())
    }
}

/// The outputs with their places in the folder.
const OUTPUTS: [(&str, &str); 6] = [
    ("base", "base.wasm"),
    ("initialised", "initialised.wasm"),
    ("precompiled", "initialised.cwasm"),
    ("stdlib", ampoule_image::STDLIB),
    ("imports", "imports.json"),
    ("precompiled-extensions", "precompiled-extensions"),
];

impl Interpreter {
    fn make(&self, outputs: &Outputs, console: &Console) -> Result<(), Error> {
        let mut done = 0;
        let mut step = |name: &str| {
            console.step(name, done, 6);
            done += 1;
        };
        let sdk = Sdk::open(&self.sdk)?;
        let work = temporary_folder()?;

        step("compiling the guest");
        let guest = guest::compile(&sdk, &self.cpython, work.path())?;
        step("linking the interpreter");
        let base = compact::compact(&base::link(&sdk, &self.cpython, &guest.objects, work.path())?)?;
        step("compiling the stdlib");
        let compiled = ampoule_host::precompile(&base)?;
        let sources = library::sources(&self.cpython)?;
        let library = library::compile(&compiled, &sources, &self.python)?;
        step("starting the interpreter");
        // From bytecode, so that no trace of a compilation is left in its memory.
        let image = library::image(&sources, &library.bytecode)?;
        let initialised = start::initialised(&base, &compiled, image, &self.python, self.hash_seed)?;
        step("precompiling the interpreter");
        let compiled = ampoule_host::precompile(&initialised)?;
        step("precompiling the extension modules");
        let mut extensions = extensions::read(&self.cpython.join(ampoule_image::EXTENSIONS))?;
        let tasks = [ampoule_image::TASKS_MODULE, ampoule_image::EXTENSION_SUFFIX].concat();
        extensions.insert(tasks, guest.tasks);

        write(&outputs.path("base"), &base)?;
        write(&outputs.path("initialised"), &initialised)?;
        write(&outputs.path("precompiled"), &compiled)?;
        write(&outputs.path("imports"), &library.imports)?;
        library::write_folder(&outputs.path("stdlib"), &sources, &library)?;
        extensions::write(&extensions, &outputs.path("stdlib").join(ampoule_image::EXTENSIONS))?;
        extensions::write_precompiled(&extensions, &outputs.path("precompiled-extensions"))?;
        console.step("done", 6, 6);
        Ok(())
    }
}

//! `ampoule componentize`: componentize-py's command, unchanged.

use super::python_flags::PythonFlags;
use crate::chain::Chain;
use crate::error::Failure;
use crate::flags::{CommonFlags, DEFAULT_WIT, WorldFlags};
use crate::project::{HashSeed, Project, World};
use ampoule_action::Console;
use ampoule_bindgen::parse_module_world;
use ampoule_interpreter::CommandLine;
use ampoule_link::Wasi;
use ampoule_snapshot::OnException;
use std::path::PathBuf;

/// Flags of `ampoule componentize`.
#[derive(Debug, clap::Args)]
pub struct ComponentizeCommand {
    /// Module of the app
    app: String,
    /// Folder in which Python modules are searched; may be given several times [default: .]
    #[arg(short, long = "python-path", value_name = "DIR")]
    python_path: Vec<PathBuf>,
    /// World of a package on the path that has WIT of its own; given in the order in which packages need each other
    #[arg(short, long = "module-worlds", value_name = "MODULE=WORLD", value_parser = parse_module_world)]
    module_worlds: Vec<(String, String)>,
    /// World to intersect with: only the imports and exports that it has too are kept
    #[arg(short, long, value_name = "WORLD")]
    intersect_world: Option<String>,
    /// What an exception that escapes an export does, after it is shown
    #[arg(long, value_name = "HOW", value_enum, default_value_t)]
    on_exception: OnException,
    /// Seed of the hashes of strings and bytes, as PYTHONHASHSEED, or `from-inputs`
    #[arg(long, value_name = "SEED", default_value = "0")]
    hash_seed: HashSeed,
    #[command(flatten)]
    python: PythonFlags,
    /// Module of the standard library to have in the component, though no import statement leads to it, or `full` for all;
    /// may be given several times
    #[arg(long, value_name = "MODULE")]
    stdlib: Vec<String>,
    /// Have the sources of the standard library's modules in the component, too: for tracebacks with their lines
    #[arg(long)]
    stdlib_sources: bool,
    /// Import nothing of WASI that the world does not name: functions in the component answer in its place
    #[arg(short, long)]
    stub_wasi: bool,
    /// File of the component
    #[arg(short, long, value_name = "FILE", default_value = "index.wasm")]
    output: PathBuf,
}

impl ComponentizeCommand {
    /// Builds the component.
    pub fn perform(&self, common: &CommonFlags, world: &WorldFlags) -> Result<(), Failure> {
        let console = common.console();
        let paths = self.folders(&console)?;
        let world = World {
            module_worlds: self.module_worlds.clone(),
            intersect_world: self.intersect_world.clone(),
            ..world.world()
        };
        let project = Project {
            app: self.app.clone(),
            world,
            wit_folder: PathBuf::from(DEFAULT_WIT),
            paths,
            lock: None,
            stdlib: self.stdlib.clone(),
            stdlib_sources: self.stdlib_sources,
            wasi: if self.stub_wasi { Wasi::None } else { Wasi::Host },
            extensions: Vec::new(),
            on_exception: self.on_exception,
            hash_seed: self.hash_seed,
            command_line: self.python.after(CommandLine::default()),
            output: self.output.clone(),
            version: None,
        };
        let built = Chain::open(common.chain()?, &console)?.build(&project)?;
        console.line(&built.steps.table());
        if !console.is_quiet() {
            println!("Component built successfully");
        }
        Ok(())
    }

    /// The folders of the Python path. One that is not there is left out, as by componentize-py.
    fn folders(&self, console: &Console) -> Result<Vec<PathBuf>, Failure> {
        if self.python_path.is_empty() {
            return Ok(vec![PathBuf::from(".")]);
        }
        let (found, missing): (Vec<PathBuf>, Vec<PathBuf>) =
            self.python_path.iter().cloned().partition(|path| path.exists());
        if found.is_empty() {
            return Err(Failure::NoPythonPath { folders: missing });
        }
        for path in missing {
            console.line(&format!(
                "{} is not there: it is left out of the Python path",
                path.display()
            ));
        }
        Ok(found)
    }
}

//! `ampoule componentize`: componentize-py's command, unchanged.

use super::python_flags::PythonFlags;
use crate::chain::Chain;
use crate::error::Failure;
use crate::flags::{CommonFlags, DEFAULT_WIT, WorldFlags};
use crate::project::{Project, report_beside};
use crate::settings::{Budget, HashSeedSettings};
use ampoule_action::{Console, is_standard_output, print_result};
use ampoule_settings::{
    AppSettings, CompileSettings, LinkSettings, PythonSettings, RelatedWorldSettings, SnapshotSettings, Wasi,
};
use std::path::PathBuf;

/// Flags of `ampoule componentize`.
#[derive(Debug, clap::Args)]
pub struct ComponentizeCommand {
    /// Module of the app
    app: String,
    /// Folder in which Python modules are searched; may be given several times [default: .]
    #[arg(short, long = "python-path", value_name = "DIR")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    related: RelatedWorldSettings,
    #[command(flatten)]
    snapshot: SnapshotSettings,
    #[command(flatten)]
    hash_seed: HashSeedSettings,
    #[command(flatten)]
    python: PythonFlags,
    #[command(flatten)]
    compile: CompileSettings,
    #[command(flatten)]
    link: LinkSettings,
    /// The same as `--wasi none`: import nothing of WASI that the world does not name
    #[arg(short, long, conflicts_with = "wasi")]
    stub_wasi: bool,
    /// File of the component, or `-` for standard output
    #[arg(short, long, value_name = "FILE", default_value = "index.wasm")]
    output: PathBuf,
}

impl ComponentizeCommand {
    /// Builds the component.
    pub fn perform(&self, common: &CommonFlags, world: &WorldFlags) -> Result<(), Failure> {
        let console = common.console();
        let paths = self.folders(&console)?;
        let project = Project {
            app: AppSettings { app: self.app.clone() },
            paths,
            lock: None,
            world: world.world(&self.related),
            wit_folder: Some(PathBuf::from(DEFAULT_WIT)),
            web: None,
            compile: self.compile.clone(),
            link: self.link(),
            snapshot: self.snapshot.clone(),
            python: self.python.after(PythonSettings::default()),
            hash_seed: self.hash_seed.hash_seed.unwrap_or_default(),
            extensions: Vec::new(),
            recipes: Vec::new(),
            output: self.output.clone(),
            report: report_beside(&self.output),
            budget: Budget::default(),
            stubs: None,
            version: None,
            dependencies: Vec::new(),
        };
        let built = Chain::open(common.chain()?, &console)?.build(&project)?;
        console.line(&built.steps.table());
        common.cut_cache(&built.steps, &console)?;
        if !console.is_quiet() && !is_standard_output(&self.output) {
            print_result("Component built successfully")?;
        }
        Ok(())
    }

    fn link(&self) -> LinkSettings {
        if self.stub_wasi {
            LinkSettings { wasi: Wasi::None }
        } else {
            self.link.clone()
        }
    }

    /// The folders of the Python path. One that is not there is left out, as by componentize-py.
    fn folders(&self, console: &Console) -> Result<Vec<PathBuf>, Failure> {
        if self.paths.is_empty() {
            return Ok(vec![PathBuf::from(".")]);
        }
        let (found, missing): (Vec<PathBuf>, Vec<PathBuf>) = self.paths.iter().cloned().partition(|path| path.exists());
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

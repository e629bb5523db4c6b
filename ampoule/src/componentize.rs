//! `ampoule componentize`: componentize-py's command, unchanged.

use crate::chain::Chain;
use crate::command_line::Common;
use crate::error::Failure;
use crate::project::Project;
use std::path::PathBuf;

/// Flags of `ampoule componentize`.
#[derive(Debug, clap::Args)]
pub struct Componentize {
    /// Module of the app
    app: String,
    /// Folder in which Python modules are searched; may be given several times [default: .]
    #[arg(short, long = "python-path", value_name = "DIR")]
    python_path: Vec<PathBuf>,
    /// File of the component
    #[arg(short, long, value_name = "FILE", default_value = "index.wasm")]
    output: PathBuf,
}

impl Componentize {
    /// Builds the component.
    pub fn perform(&self, common: &Common) -> Result<(), Failure> {
        let paths = if self.python_path.is_empty() {
            vec![PathBuf::from(".")]
        } else {
            self.python_path.clone()
        };
        let project = Project {
            app: self.app.clone(),
            paths,
            world: common.world(),
            extensions: Vec::new(),
            output: self.output.clone(),
            version: None,
        };
        let console = common.console();
        let built = Chain::open(common, &console)?.build(&project)?;
        console.line(&built.table());
        if !console.is_quiet() {
            println!("Component built successfully");
        }
        Ok(())
    }
}

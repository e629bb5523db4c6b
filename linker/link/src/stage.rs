//! The stage `link`: files in, files out.

use crate::{Input, Options, Roots};
use ampoule_action::{Action, Console, Named, Outputs, Stage, StageError, read, write};
use ampoule_layout::{ModuleArgument, side_modules};
use ampoule_settings::LinkSettings;
use clap::Args;
use std::path::PathBuf;

/// Fuse the interpreter and its side modules into one core module
#[derive(Clone, Debug, Args)]
pub struct Link {
    /// The base: the interpreter as a static core module
    #[arg(long, value_name = "FILE")]
    pub base: PathBuf,
    /// A side module, in the order of the link; with IMAGE_PATH it is an extension module that Python finds there
    #[arg(long = "module", value_name = "NAME=FILE[@IMAGE_PATH]")]
    pub modules: Vec<ModuleArgument>,
    /// A folder of extension modules, each at the path at which Python finds it
    #[arg(long, value_name = "DIR")]
    pub extensions: Option<PathBuf>,
    /// What the component asks of its host.
    #[command(flatten)]
    pub settings: LinkSettings,
    /// Keep what only the build runs, too, so that `ampoule-snapshot --fused` can run the linked module
    #[arg(long)]
    pub keep_build: bool,
    /// Write the linked core module to this file
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// Write the layout (JSON) to this file
    #[arg(long, value_name = "FILE")]
    pub layout: PathBuf,
    /// Write the sizes by origin (JSON) to this file
    #[arg(long, value_name = "FILE")]
    pub report: PathBuf,
}

impl Stage for Link {
    fn name(&self) -> &'static str {
        "link"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            base,
            modules,
            extensions,
            settings,
            keep_build,
            output,
            layout,
            report,
        } = self;
        let extensions = extensions.iter().map(|folder| Named::new("extensions", folder));
        Action::default()
            .parameter("modules", ModuleArgument::parameters(modules))
            .parameters(settings)
            .parameter("keep_build", keep_build)
            .input("base", base)
            .inputs(ModuleArgument::inputs(modules))
            .inputs(extensions)
            .output("linked", output)
            .output("layout", layout)
            .output("report", report)
    }

    fn execute(&self, outputs: &Outputs, _console: &Console) -> Result<(), StageError> {
        let modules = side_modules(&self.modules, self.extensions.as_deref())?;
        let base = read(&self.base)?;
        let contents = modules
            .iter()
            .map(|module| read(&module.file))
            .collect::<Result<Vec<_>, _>>()?;
        let inputs: Vec<_> = modules
            .iter()
            .zip(&contents)
            .map(|(module, bytes)| Input {
                name: &module.name,
                image_path: module.image_path.as_deref(),
                bytes,
            })
            .collect();
        let options = Options {
            wasi: self.settings.wasi,
            roots: if self.keep_build {
                Roots::Build
            } else {
                Roots::Component
            },
        };
        let linked = crate::link(&base, &inputs, options)?;
        write(&outputs.path("linked"), &linked.module)?;
        write(&outputs.path("layout"), json(&linked.layout)?)?;
        write(&outputs.path("report"), json(&linked.report)?)?;
        Ok(())
    }
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    Ok(text)
}

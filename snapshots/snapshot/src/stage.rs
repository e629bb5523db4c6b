//! The stage `snapshot`: files in, file out.

use crate::output::{Writer, connect};
use crate::seed::seed;
use crate::session::{App, Session};
use crate::split::{SideModule, Split};
use crate::{Error, fused, split};
use ampoule_action::{Action, Console, Digest, FileError, Named, Outputs, Stage, StageError, read};
use ampoule_host::{HostConfiguration, HostError, engine, load_precompiled, on_large_stack, precompiled_name, target};
use ampoule_layout::{Layout, ModuleArgument, side_modules};
use ampoule_settings::{AppSettings, SnapshotSettings};
use ampoule_state::{State, rewrite_to, stack_is_first, table_contents};
use clap::Args;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use wasmtime::Module;

/// Import the app once, and write the state that this leaves into the linked module
#[derive(Clone, Debug, Args)]
pub struct Snapshot {
    /// The linked core module
    #[arg(long, value_name = "FILE")]
    pub linked: PathBuf,
    /// The link's layout
    #[arg(long, value_name = "FILE")]
    pub layout: PathBuf,
    /// The initialised interpreter that was the link's base, precompiled
    #[arg(long, value_name = "FILE")]
    pub precompiled: PathBuf,
    /// A side module, as given to the link
    #[arg(long = "module", value_name = "NAME=FILE[@IMAGE_PATH]")]
    pub modules: Vec<ModuleArgument>,
    /// The folder of extension modules, as given to the link
    #[arg(long, value_name = "DIR")]
    pub extensions: Option<PathBuf>,
    /// A folder of precompiled side modules, each named SHA256.cwasm after the digest of the side module; may be given several times
    #[arg(long, value_name = "DIR")]
    pub precompiled_modules: Vec<PathBuf>,
    /// The standard library: becomes /lib/python3.*
    #[arg(long, value_name = "DIR")]
    pub stdlib_folder: PathBuf,
    /// The compile stage's image: the app's folders /app, /app1, ... and the bindings at /bindings
    #[arg(long, value_name = "DIR")]
    pub image: PathBuf,
    /// The app.
    #[command(flatten)]
    pub app: AppSettings,
    /// What an instance may have, and how it ends.
    #[command(flatten)]
    pub settings: SnapshotSettings,
    /// The same modules, linked with `--keep-build`: run that as well, and fail if it leaves another state
    #[arg(long, value_name = "FILE")]
    pub fused: Option<PathBuf>,
    /// Write the snapshot to this file
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
}

impl Stage for Snapshot {
    fn name(&self) -> &'static str {
        "snapshot"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            linked,
            layout,
            precompiled,
            modules,
            extensions,
            precompiled_modules,
            stdlib_folder,
            image,
            app,
            settings,
            fused,
            output,
        } = self;
        let extensions = extensions.iter().map(|folder| Named::new("extensions", folder));
        // What is precompiled changes how long the stage takes, and nothing else; but no file is read that is not named.
        let precompiled_modules = precompiled_modules.iter();
        let precompiled_modules = precompiled_modules.map(|folder| Named::new("precompiled-modules", folder));
        Action::default()
            .parameters(app)
            .parameter("modules", ModuleArgument::parameters(modules))
            .parameters(settings)
            .parameter("target", target())
            .input("linked", linked)
            .input("layout", layout)
            .input("precompiled", precompiled)
            .input("stdlib", stdlib_folder)
            .input("image", image)
            .inputs(ModuleArgument::inputs(modules))
            .inputs(extensions)
            .inputs(precompiled_modules)
            .inputs(fused.iter().map(|file| Named::new("fused", file)))
            .output("snapshot", output)
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        let linked = read(&self.linked)?;
        let state = self.run(&linked, console)?;
        let path = outputs.path("snapshot");
        let mut file = BufWriter::new(File::create(&path).map_err(FileError::writing(&path))?);
        rewrite_to(&mut file, &linked, &state, is_kept)?;
        file.flush().map_err(FileError::writing(&path))?;
        Ok(())
    }
}

/// Whether the component needs an export: the world's functions, the memory and its allocator.
fn is_kept(export: &str) -> bool {
    !export.starts_with("ampoule_") && !matches!(export, "_initialize" | "__stack_pointer")
}

impl Snapshot {
    fn run(&self, linked: &[u8], console: &Console) -> Result<State, Error> {
        let (writer, reader) = connect();
        std::thread::scope(|scope| {
            scope.spawn(|| reader.show(console));
            on_large_stack(|| self.run_here(linked, writer, console))?
        })
    }

    fn run_here(&self, linked: &[u8], writer: Writer, console: &Console) -> Result<State, Error> {
        let layout = self.read_layout()?;
        let stack_is_first = stack_is_first(linked)?;
        let app = self.app();
        let seed = seed(&self.app.app, linked, &self.image)?;
        let interpreter = load_precompiled(&self.precompiled)?;
        let modules = side_modules(&self.modules, self.extensions.as_deref()).map_err(Error::Extensions)?;
        let side_modules = modules
            .iter()
            .map(|module| self.side_module(module))
            .collect::<Result<Vec<_>, _>>()?;
        let configuration = HostConfiguration {
            files: app.files(&layout)?,
            stdout: writer.sink(),
            stderr: writer.sink(),
            seed,
            ..HostConfiguration::default()
        };
        let Split {
            mut interpreter,
            uncaught,
        } = split::start(&interpreter, &side_modules, &layout, configuration)?;
        let table = table_contents(&mut interpreter)?;
        let session = Session {
            app: &app,
            layout: &layout,
            failure: &writer.failure(),
            stack_is_first,
            console,
        };
        let state = session.build(&mut interpreter, uncaught)?;
        if table_contents(&mut interpreter)? != table {
            let reason = "the app's import changed the table of functions".to_owned();
            return Err(ampoule_state::Error::Unsupported(reason).into());
        }
        if let Some(fused) = &self.fused {
            let configuration = HostConfiguration {
                files: app.files(&layout)?,
                seed,
                ..HostConfiguration::default()
            };
            let mut interpreter = fused::start(&read(fused)?, configuration)?;
            let other = session.build(&mut interpreter, None)?;
            fused::compare(&state, &other)?;
        }
        Ok(state)
    }

    fn app(&self) -> App {
        App {
            name: self.app.app.clone(),
            stdlib: self.stdlib_folder.clone(),
            image: self.image.clone(),
            settings: self.settings.clone(),
        }
    }

    fn read_layout(&self) -> Result<Layout, Error> {
        serde_json::from_slice(&read(&self.layout)?).map_err(|error| Error::Layout {
            path: self.layout.clone(),
            error,
        })
    }

    /// Loads a side module's precompiled code, or compiles it.
    fn side_module(&self, argument: &ModuleArgument) -> Result<SideModule, Error> {
        let bytes = read(&argument.file)?;
        let name = precompiled_name(&Digest::of_bytes(&bytes).hexadecimal());
        let precompiled = self
            .precompiled_modules
            .iter()
            .map(|folder| folder.join(&name))
            .find(|file| file.exists());
        let module = match precompiled {
            Some(file) => load_precompiled(&file)?,
            None => Module::new(&engine()?, &bytes).map_err(HostError::Compile)?,
        };
        Ok(SideModule {
            name: argument.name.clone(),
            module,
        })
    }
}

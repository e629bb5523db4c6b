//! The stage's command line.

use crate::app::{World, app};
use crate::{Error, PACKAGE};
use ampoule_action::{Action, Console, FileError, Outputs, Stage, StageError, rename, write};
use ampoule_archive::Archive;
use ampoule_settings::WebSettings;
use include_dir::{Dir, include_dir};
use std::path::{Path, PathBuf};

static PYTHON: Dir = include_dir!("$CARGO_MANIFEST_DIR/python");

/// The WIT of the package's worlds.
const WIT: &str = include_str!("../wit/web.wit");

/// The file that says what there is of WIT, as `bindgen` looks for it.
const PACKAGE_FILE: &str = "componentize-py.toml";

/// The archives by which the pins have WASI's WIT, and the folder of it in each: the crates of Wasmtime and of the bindings.
pub const ARCHIVES: [(&str, &str); 2] = [("wasi-wit-0.2", "wit/deps"), ("wasi-wit-0.3", "src/p3/wit/deps")];

/// Write what stands between wasi:http and the Python of a web application
///
/// The output folder has in `python/` a folder of the Python path, with the package `ampoule_web` and in it the app, and in `package/` what
/// `bindgen` takes as that package: its WIT, and the file that names it.
#[derive(Clone, Debug, clap::Args)]
pub struct Web {
    /// An archive with WASI's WIT: wasi-wit-0.2 (the crate wasip2), wasi-wit-0.3 (the crate wasmtime-wasi-http); both are needed
    #[arg(long = "archive", value_name = "NAME=FORMAT,strip=N,bytes=N,entries=N:FILE")]
    pub archives: Vec<Archive>,
    /// The application.
    #[command(flatten)]
    pub settings: WebSettings,
    /// The folder to write
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
}

impl Stage for Web {
    fn name(&self) -> &'static str {
        "web"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            archives,
            settings,
            output,
        } = self;
        Action::default()
            .parameter("archives", Archive::parameters(archives))
            .parameters(settings)
            .inputs(Archive::inputs(archives))
            .output("web", output)
    }

    fn execute(&self, outputs: &Outputs, _: &Console) -> Result<(), StageError> {
        Ok(self.perform(&outputs.path("web"))?)
    }
}

impl Web {
    fn perform(&self, root: &Path) -> Result<(), Error> {
        let world = World::of(&self.settings)?.ok_or(Error::Nothing)?;
        let python = root.join("python");
        install(&PYTHON, &python, world.without())?;
        if let Some((file, text)) = app(&self.settings) {
            write(&python.join(PACKAGE).join(file), text)?;
        }
        let package = root.join("package");
        write(&package.join(PACKAGE_FILE), package_file(world))?;
        write(&package.join("wit/web.wit"), WIT)?;
        self.install_wasi(&root.with_file_name("wasi"), &package.join("wit/deps"))
    }

    /// WASI's WIT, each version in a folder of its own.
    fn install_wasi(&self, scratch: &Path, deps: &Path) -> Result<(), Error> {
        let archives = Archive::needed(&self.archives, &ARCHIVES.map(|(name, _)| name))?;
        for (name, folder) in ARCHIVES {
            let unpacked = scratch.join(name);
            archives[name].unpack(&unpacked, &[folder])?;
            let files = std::fs::read_dir(unpacked.join(folder)).map_err(|_| Error::NoWit {
                archive: archives[name].file.clone(),
                folder,
            })?;
            for file in files {
                let file = file.map_err(FileError::reading(&unpacked))?;
                let named = format!("{name}-{}", file.file_name().to_string_lossy());
                rename(&file.path(), &deps.join(named))?;
            }
        }
        Ok(())
    }
}

/// What `bindgen` reads of the package. Clients come to `wasi:http` by sockets, so that without these it is not called.
fn package_file(world: World) -> String {
    format!(
        "wit_directory = \"wit\"\n\
         bindings = \"bindings\"\n\
         full_names = true\n\
         added_worlds = [\"{}\"]\n\
         optional_imports = [\"wasi:http/outgoing-handler@0.2.12\"]\n",
        world.name()
    )
}

fn install(files: &Dir, folder: &Path, without: &[&str]) -> Result<(), FileError> {
    let is_wanted = |path: &Path| !without.iter().any(|name| path.ends_with(name));
    for file in files.files().filter(|file| is_wanted(file.path())) {
        write(&folder.join(file.path()), file.contents())?;
    }
    let mut folders = files.dirs().filter(|inner| is_wanted(inner.path()));
    folders.try_for_each(|inner| install(inner, folder, without))
}

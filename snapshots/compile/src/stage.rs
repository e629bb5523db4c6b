//! The stage's command line.

use crate::bytecode::{Compiler, ToCompile};
use crate::folder::CompiledFolder;
use crate::stdlib::Stdlib;
use crate::{
    ComputedImport, Error, Selection, SourceFile, Sources, compile, compiled, image, imports, listed, native,
    path_files, problems, reach,
};
use ampoule_action::{Action, Console, Named, Outputs, Stage, StageError, read};
use ampoule_image::BINDINGS_PATH;
use ampoule_settings::{AppSettings, CompileSettings, ModuleSettings};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Compile an app's Python files and find what they can import
#[derive(Clone, Debug, clap::Args)]
pub struct Compile {
    /// Precompiled interpreter: `initialised.cwasm` of the stage `interpreter`
    #[arg(long, value_name = "FILE")]
    pub interpreter: PathBuf,
    /// Folder of the stdlib: `lib/python3.*` of the stage `interpreter`
    #[arg(long, value_name = "DIR")]
    pub stdlib_folder: PathBuf,
    /// Imports of the stdlib's modules: `imports.json` of the stage `interpreter`
    #[arg(long, value_name = "FILE")]
    pub stdlib_imports: PathBuf,
    /// Folder of the world's bindings: `python` of the stage `bindgen`
    #[arg(long, value_name = "DIR")]
    pub bindings: PathBuf,
    /// Folder of the bindings of packages that have WIT of their own: `packages` of the stage `bindgen`
    #[arg(long, value_name = "DIR")]
    pub package_bindings: Option<PathBuf>,
    /// The module of the bindings.
    #[command(flatten)]
    pub module: ModuleSettings,
    /// Folder in which Python modules are searched; may be given several times
    #[arg(
        long = "path",
        value_name = "DIR",
        required_unless_present = "files",
        conflicts_with = "files"
    )]
    pub paths: Vec<PathBuf>,
    /// In place of folders: a list of files with `IMAGE_PATH=FILE` on each line, such as `/app/helper.py=source/helper.py`;
    /// /app is the first folder of the Python path, /app1 the second
    #[arg(long, value_name = "LIST")]
    pub files: Option<PathBuf>,
    /// File or folder in these folders that is no part of the app; may be given several times
    #[arg(long, value_name = "PATH")]
    pub without: Vec<PathBuf>,
    /// What the stage `bytecode` gave for one of the folders; may be given several times
    #[arg(long, value_name = "DIR")]
    pub bytecode: Vec<PathBuf>,
    /// Compiled extension module, placed beside its package; may be given several times
    #[arg(long = "extension", value_name = "MODULE=FILE", value_parser = parse_extension)]
    pub extensions: Vec<(String, PathBuf)>,
    /// What of the standard library the component has.
    #[command(flatten)]
    pub settings: CompileSettings,
    /// The app.
    #[command(flatten)]
    pub app: AppSettings,
    /// Folder of the image
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
    /// Folder of the extension modules that the app can reach, each at its path in the image
    #[arg(long, value_name = "DIR")]
    pub reachable_extensions: PathBuf,
}

fn parse_extension(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((module, file)) if !module.is_empty() && !file.is_empty() => Ok((module.to_string(), file.into())),
        _ => Err("expected MODULE=FILE, such as `markupsafe._speedups=speedups.so`".to_string()),
    }
}

impl Stage for Compile {
    fn name(&self) -> &'static str {
        "compile"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            interpreter,
            stdlib_folder,
            stdlib_imports,
            bindings,
            package_bindings,
            module,
            paths: _,
            files,
            without: _,
            bytecode,
            extensions,
            settings,
            app,
            output,
            reachable_extensions,
        } = self;
        // Of the folders, of the list and of what is left out in them, only the files that are then read count.
        let (folders, sources) = match self.listed() {
            Ok(sources) => (sources.folders.len(), sources.files),
            Err(_) => (0, Vec::new()),
        };
        // Reading it again says why it cannot be read.
        let unread = files.iter().filter(|_| folders == 0);
        let names: Vec<&String> = extensions.iter().map(|(module, _)| module).collect();
        let modules = extensions.iter();
        let modules = modules.map(|(module, file)| Named::new(format!("extension:{module}"), file));
        Action::default()
            .parameters(app)
            .parameters(module)
            .parameters(settings)
            .parameter("paths", folders)
            .parameter("extensions", names)
            .input("interpreter", interpreter)
            .input("stdlib", stdlib_folder)
            .input("stdlib-imports", stdlib_imports)
            .input("bindings", bindings)
            .inputs(
                package_bindings
                    .iter()
                    .map(|folder| Named::new("package-bindings", folder)),
            )
            .inputs(bytecode.iter().map(|folder| Named::new("bytecode", folder)))
            .inputs(modules)
            .inputs(sources.into_iter().map(|file| Named::new(file.image, file.disk)))
            .inputs(unread.map(|list| Named::new("files", list)))
            .output("image", output)
            .output("extensions", reachable_extensions)
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        Ok(self.perform(&outputs.path("image"), &outputs.path("extensions"), console)?)
    }
}

impl Compile {
    fn perform(&self, image: &Path, extensions: &Path, console: &Console) -> Result<(), Error> {
        let app = &self.app.app;
        if app == "__main__" {
            return Err(Error::AppIsMain);
        }
        if *app == self.module.world_module {
            return Err(Error::AppIsWorldModule(app.clone()));
        }
        let mut sources = self.sources()?;
        // What .pth files add is added by Python's own `site`, when the app is imported.
        let search_path = sources.folders.clone();
        let start_lines = path_files::follow(&mut sources)?;
        let modules = sources.modules();
        if !modules.contains_key(app) {
            return Err(self.no_app());
        }
        let python = modules
            .iter()
            .filter(|(_, file)| file.is_python())
            .map(|(name, file)| (name.clone(), *file));
        let progress = |done, total| console.step("compiling", done, total);
        let python = python.collect();
        let compiled = self.bytecode.iter().map(|folder| CompiledFolder::open(folder));
        let files = ToCompile {
            modules: &python,
            start_lines: &start_lines,
            compiled: &compiled.collect::<Result<Vec<_>, _>>()?,
        };
        let compiler = Compiler {
            interpreter: &self.interpreter,
            stdlib: &self.stdlib_folder,
        };
        let bytecode = compile(&compiler, &files, progress)?;
        problems::refuse(app, &bytecode)?;
        self.note_computed_imports(&bytecode.computed, console);
        let stdlib = Stdlib(&self.stdlib_folder);
        let imports = imports::read(&self.stdlib_imports)?;
        let own = modules.iter().filter(|(_, file)| file.is_extension());
        let own = own.map(|(name, file)| (name.clone(), file.image.clone()));
        let of_stdlib = stdlib.extensions()?;
        let mut available = of_stdlib.clone();
        available.extend(own);
        let selected = Selection::new(&self.settings.stdlib).modules(&imports, available.keys())?;
        let said = native::said(&sources)?;
        let mut compiled = imports_of_compiled(&modules, imports.keys().chain(of_stdlib.keys()))?;
        for (module, names) in &said.imports {
            let of_module = compiled.entry(module.clone()).or_default();
            of_module.extend(names.iter().map(String::as_str));
        }
        let reachable = reach(
            &said.followed(&bytecode.imports),
            &selected,
            &imports,
            &available,
            &compiled,
        );
        image::write_app(image, &sources, &bytecode, console)?;
        image::write_search_path(image, &search_path)?;
        image::write_stdlib(image, &stdlib, &reachable.stdlib, self.settings.stdlib_sources)?;
        image::write_extensions(extensions, &sources, &stdlib, &reachable.extensions)
    }

    /// Says where modules are imported that no import statement names, unless somebody has chosen what to have of the stdlib.
    fn note_computed_imports(&self, computed: &[ComputedImport], console: &Console) {
        if let ([first, others @ ..], []) = (computed, self.settings.stdlib.as_slice()) {
            let others = match others.len() {
                0 => String::new(),
                count => format!(" (and {count} more)"),
            };
            console.line(&format!(
                "note: {}:{}{others}: `{}` of what is computed can import only what import statements lead to; name what it \
                 needs beside that by `stdlib` in [tool.ampoule] or --stdlib, `auto` if it is nothing",
                first.file.display(),
                first.line,
                first.function
            ));
        }
    }

    /// The files of the app, of the bindings, and the extensions.
    fn sources(&self) -> Result<Sources, Error> {
        let mut sources = self.listed()?;
        for (module, file) in &self.extensions {
            sources.add_extension(module, file)?;
        }
        if let Some(folder) = &self.package_bindings {
            sources.add_package_bindings(folder)?;
        }
        sources.add_folder(BINDINGS_PATH, &self.bindings)?;
        // The bindings come first, so that stubs in the app's folders do not stand in for them.
        sources.folders.insert(0, BINDINGS_PATH.to_string());
        Ok(sources)
    }

    /// The files of the app, from its folders or from the list.
    fn listed(&self) -> Result<Sources, Error> {
        let compiled: Vec<&str> = self.extensions.iter().map(|(module, _)| module.as_str()).collect();
        let mut sources = match &self.files {
            Some(list) => listed::read(list, &compiled, &self.settings)?,
            None => Sources::list(&self.paths, &self.without, &self.settings)?,
        };
        sources.leave_out_stubs(&self.bindings);
        Ok(sources)
    }

    fn no_app(&self) -> Error {
        let app = &self.app.app;
        let file = app.trim_start_matches("./");
        if file.ends_with(".py") || file.contains(['/', '\\']) {
            return Error::AppIsFile {
                app: app.clone(),
                module: file.trim_end_matches(".py").replace(['/', '\\'], "."),
            };
        }
        Error::NoApp {
            app: app.clone(),
            path: app.replace('.', "/"),
            places: self.places(),
        }
    }

    /// Where the app's module has been looked for. Of a list the files count: it is itself one that a build system has written.
    fn places(&self) -> String {
        let names = |paths: &mut dyn Iterator<Item = String>| paths.collect::<Vec<_>>().join(", ");
        if self.files.is_none() {
            let mut folders = self.paths.iter().map(|path| path.display().to_string());
            return format!("none of the app's folders ({})", names(&mut folders));
        }
        let files = self.listed().map(|sources| sources.files).unwrap_or_default();
        let python: Vec<_> = files.iter().filter(|file| file.is_python()).collect();
        let mut shown = python.iter().take(SHOWN).map(|file| file.disk.display().to_string());
        let more = match python.len().saturating_sub(SHOWN) {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        match python.is_empty() {
            true => "there are no Python files in the target, and so none".to_string(),
            false => format!("none of the app's files ({}{more})", names(&mut shown)),
        }
    }
}

/// What the app's extension modules import of the stdlib, whose modules are `known`.
fn imports_of_compiled<'k>(
    modules: &BTreeMap<String, &SourceFile>,
    known: impl Iterator<Item = &'k String>,
) -> Result<BTreeMap<String, BTreeSet<&'k str>>, Error> {
    let known: BTreeSet<&str> = known.map(String::as_str).collect();
    let extensions = modules.iter().filter(|(_, file)| file.is_extension());
    extensions
        .map(|(name, file)| Ok((name.clone(), compiled::named(&read(&file.disk)?, &known))))
        .collect()
}

/// How many files a message lists.
const SHOWN: usize = 10;

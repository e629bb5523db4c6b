//! Bytecode: Python files through Ampoule's own interpreter.

use crate::folder::CompiledFolder;
use crate::{Error, Imports, Problem, SourceFile, imports};
use ampoule_action::parallel;
use ampoule_host::{Captured, Files, HostConfiguration, Outcome, Python, load_precompiled, on_large_stack};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where the interpreter writes.
const OUTPUT: &str = "/output";

/// What the compiler gives for some files.
#[derive(Clone, Debug, Default)]
pub struct Bytecode {
    /// The `.pyc` files, by their paths in the image.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What each module imports.
    pub imports: Imports,
    /// The modules that Python refuses, by name.
    pub problems: BTreeMap<String, Problem>,
    /// Where the app's own files import what they compute.
    pub computed: Vec<ComputedImport>,
}

/// A call that may import a module whose name is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComputedImport {
    /// The file, on the disk.
    pub file: PathBuf,
    /// The line.
    pub line: String,
    /// The function that is called, such as `import_module`.
    pub function: String,
}

/// The Python files to compile.
#[derive(Clone, Debug)]
pub struct ToCompile<'a> {
    /// The modules by their names.
    pub modules: &'a BTreeMap<String, &'a SourceFile>,
    /// Lines of Python in `.pth` files, with the paths of these in the image, under which their imports are listed.
    pub start_lines: &'a [(String, String)],
    /// What the stage `bytecode` gave for some of the folders.
    pub compiled: &'a [CompiledFolder],
}

/// Compiles Python files to `.pyc` files that are never checked against their source (PEP 552).
///
/// `progress` is told how many files are done, and of how many.
///
/// # Errors
/// When the interpreter cannot be run. A file that Python refuses is no error here but a problem of the result.
pub fn compile(compiler: &Compiler, files: &ToCompile, progress: impl Fn(u64, u64) + Sync) -> Result<Bytecode, Error> {
    let named = once_each(files.modules);
    let all: Vec<Named> = named.iter().map(|(name, file)| (name, *file)).collect();
    let mut bytecode = Bytecode::default();
    let mut missing = Vec::new();
    for folder in by_folder(&all) {
        match files.compiled.iter().find(|compiled| compiled.is_of(&folder)) {
            Some(compiled) => {
                for written in compiled.parts()? {
                    bytecode.extend(written, files.modules)?;
                }
            }
            None => missing.push(folder),
        }
    }
    let mut parts = parts(&missing);
    parts.push((&[], files.start_lines));
    for written in compiler.compile(&parts, progress)? {
        bytecode.extend(written, files.modules)?;
    }
    add_other_names(&mut bytecode.imports, &named, files.modules);
    add_unicode_data(&mut bytecode.imports, files.modules)?;
    Ok(bytecode)
}

/// Compiles the Python files of one folder; gives what each interpreter wrote.
///
/// # Errors
/// As [`compile`].
pub(crate) fn compile_folder(
    compiler: &Compiler,
    modules: &BTreeMap<String, &SourceFile>,
    progress: impl Fn(u64, u64) + Sync,
) -> Result<Vec<Written>, Error> {
    let all = [modules.iter().map(|(name, file)| (name, *file)).collect()];
    compiler.compile(&parts(&all), progress)
}

/// A module's name and its file.
pub(crate) type Named<'a> = (&'a String, &'a SourceFile);

/// Files, and lines of `.pth` files, that one interpreter compiles.
type Part<'a> = (&'a [Named<'a>], &'a [(String, String)]);

/// What an interpreter writes: files by their paths.
pub(crate) type Written = BTreeMap<String, Vec<u8>>;

/// How many files one interpreter compiles; whatever the number of cores is, for what was compiled before can be seen in bytecode.
/// For the same reason the files of each folder of the Python path are compiled apart from others.
const AT_ONCE: usize = 128;

/// The modules by the folders of the Python path that have their files.
fn by_folder<'a>(all: &[Named<'a>]) -> Vec<Vec<Named<'a>>> {
    let mut folders: BTreeMap<&str, Vec<Named>> = BTreeMap::new();
    for (name, file) in all {
        let below = file.image.trim_start_matches('/');
        let folder = below.split('/').next().unwrap_or_default();
        folders.entry(folder).or_default().push((name, file));
    }
    folders.into_values().collect()
}

/// The files of folders, as many together as one interpreter compiles.
fn parts<'a>(folders: &'a [Vec<Named<'a>>]) -> Vec<Part<'a>> {
    let chunks = folders.iter().flat_map(|files| files.chunks(AT_ONCE));
    chunks.map(|files| (files, &[] as &[_])).collect()
}

/// What compiles.
#[derive(Clone, Copy, Debug)]
pub struct Compiler<'a> {
    /// The precompiled initialised interpreter.
    pub interpreter: &'a Path,
    /// The folder of its stdlib.
    pub stdlib: &'a Path,
}

impl Compiler<'_> {
    fn compile(&self, parts: &[Part], progress: impl Fn(u64, u64) + Sync) -> Result<Vec<Written>, Error> {
        let total: u64 = parts.iter().map(|(files, _)| files.len() as u64).sum();
        let compile = |part: &Part| on_large_stack(|| self.compile_part(*part))?;
        parallel::map(None, parts, compile, |done, _| {
            progress(total.min(done * AT_ONCE as u64), total);
        })
    }

    fn compile_part(&self, (part, start_lines): Part) -> Result<Written, Error> {
        if part.is_empty() && start_lines.is_empty() {
            return Ok(Written::default());
        }
        let mut files = Files::new().writable();
        files.add_disk_folder(ampoule_image::STDLIB_PATH, self.stdlib, |_| true)?;
        for (_, file) in part {
            files.add_disk_file(&file.image, &file.disk)?;
        }
        let messages = Captured::new();
        let configuration = HostConfiguration {
            files,
            stderr: messages.sink(),
            ..HostConfiguration::default()
        };
        let written = run(self.interpreter, configuration, &script(part, start_lines))?;
        written.ok_or_else(|| Error::Compiler(messages.take_text()))
    }
}

impl Bytecode {
    /// Adds what an interpreter wrote.
    fn extend(&mut self, written: Written, modules: &BTreeMap<String, &SourceFile>) -> Result<(), Error> {
        let part = collect(written, modules)?;
        self.files.extend(part.files);
        self.imports.extend(part.imports);
        self.problems.extend(part.problems);
        self.computed.extend(part.computed);
        Ok(())
    }
}

/// The modules, each file under one name: of several, that which starts from the outermost folder, so that it has all packages in
/// it to which imports may be relative.
fn once_each<'a>(modules: &BTreeMap<String, &'a SourceFile>) -> BTreeMap<String, &'a SourceFile> {
    let mut named: BTreeMap<&str, (&String, &'a SourceFile)> = BTreeMap::new();
    for (name, file) in modules {
        let known = named.entry(&file.image).or_insert((name, file));
        if name.len() > known.0.len() {
            *known = (name, file);
        }
    }
    named.into_values().map(|(name, file)| (name.clone(), file)).collect()
}

/// Lists what a file imports under its other names, too.
fn add_other_names(
    imports: &mut Imports,
    named: &BTreeMap<String, &SourceFile>,
    modules: &BTreeMap<String, &SourceFile>,
) {
    let by_image: BTreeMap<&str, &String> = named.iter().map(|(name, file)| (file.image.as_str(), name)).collect();
    for (name, file) in modules {
        let known = by_image.get(file.image.as_str()).and_then(|known| imports.get(*known));
        if let Some(of_file) = known.filter(|_| !imports.contains_key(name)) {
            imports.insert(name.clone(), of_file.clone());
        }
    }
}

/// The files that the interpreter wrote; none if Python raised an exception.
fn run(interpreter: &Path, configuration: HostConfiguration, source: &str) -> Result<Option<Written>, Error> {
    let module = load_precompiled(interpreter)?;
    let mut interpreter = Python::new(&module, configuration)?;
    let outcome = interpreter.execute(source)?;
    let written = interpreter.store.data().files().written();
    Ok((outcome == Outcome::Done).then_some(written))
}

fn script(part: &[(&String, &SourceFile)], start_lines: &[(String, String)]) -> String {
    let rows: Vec<_> = part
        .iter()
        .map(|(name, file)| (&file.image, *name, u8::from(file.is_package())))
        .collect();
    // JSON's strings are Python's too.
    let rows = serde_json::to_string(&rows).expect("strings are JSON");
    let lines = serde_json::to_string(start_lines).expect("strings are JSON");
    format!(
        "from _ampoule.compiling import compile_files, show_problems\n\
         show_problems(compile_files({rows}, {OUTPUT:?}, {lines}), {OUTPUT:?})\n"
    )
}

fn collect(mut written: Written, modules: &BTreeMap<String, &SourceFile>) -> Result<Bytecode, Error> {
    let mut bytecode = Bytecode::default();
    let list = format!("{OUTPUT}/imports.json");
    if let Some(text) = written.remove(&list) {
        bytecode.imports = imports::parse(&text, Path::new(&list))?;
    }
    let computed = written.remove(&format!("{OUTPUT}/computed.txt")).unwrap_or_default();
    bytecode.computed = String::from_utf8_lossy(&computed)
        .lines()
        .filter_map(|line| computed_import(line, modules))
        .collect();
    for (path, content) in written {
        let path = path.strip_prefix(OUTPUT).unwrap_or(&path);
        match path.strip_suffix(".problem") {
            Some(image) => bytecode.problems.extend(problems(image, &content, modules)),
            None => drop(bytecode.files.insert(path.to_string(), content)),
        }
    }
    Ok(bytecode)
}

/// Lists `unicodedata` for the modules whose source makes Python import it by itself.
fn add_unicode_data(imports: &mut Imports, modules: &BTreeMap<String, &SourceFile>) -> Result<(), Error> {
    for (name, imports) in imports {
        if let Some(file) = modules.get(name)
            && needs_unicode_data(&ampoule_action::read(&file.disk)?)
        {
            imports.inner.insert("unicodedata".to_string());
        }
    }
    Ok(())
}

/// Whether a source has characters given by their names, or lines below which a traceback has to align its marks.
fn needs_unicode_data(source: &[u8]) -> bool {
    !source.is_ascii() || source.windows(3).any(|window| window == b"\\N{")
}

/// A line of the list of computed imports: path in the image, line, function.
fn computed_import(text: &str, modules: &BTreeMap<String, &SourceFile>) -> Option<ComputedImport> {
    let [path, line, function] = text.split('\t').collect::<Vec<_>>().try_into().ok()?;
    let file = modules.values().find(|file| file.image == path)?;
    Some(ComputedImport {
        file: file.disk.clone(),
        line: line.to_string(),
        function: function.to_string(),
    })
}

/// A problem as Python shows it, with the path on the disk in place of that in the image.
fn problems(image: &str, text: &[u8], modules: &BTreeMap<String, &SourceFile>) -> Vec<(String, Problem)> {
    let named = modules.iter().filter(|(_, file)| file.image == image);
    named.map(|(name, file)| problem(name, file, text)).collect()
}

fn problem(name: &str, file: &SourceFile, text: &[u8]) -> (String, Problem) {
    let image = &file.image;
    let text = String::from_utf8_lossy(text).replace(
        &format!("File \"{image}\""),
        &format!("File \"{}\"", file.disk.display()),
    );
    let problem = Problem {
        file: file.disk.clone(),
        text,
    };
    (name.to_owned(), problem)
}

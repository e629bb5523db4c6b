//! Bytecode: Python files through Ampoule's own interpreter.

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

/// Compiles Python files, given by the names of their modules, to `.pyc` files that are never checked against their source (PEP 552).
///
/// `interpreter` is the precompiled initialised interpreter, `stdlib` the folder of its stdlib. `start_lines` are lines of Python in
/// `.pth` files, with the paths of these in the image, under which their imports are listed. `progress` is told how many files are
/// done, and of how many.
///
/// # Errors
/// When the interpreter cannot be run. A file that Python refuses is no error here but a problem of the result.
pub fn compile(
    interpreter: &Path,
    stdlib: &Path,
    modules: &BTreeMap<String, &SourceFile>,
    start_lines: &[(String, String)],
    progress: impl Fn(u64, u64) + Sync,
) -> Result<Bytecode, Error> {
    let named = once_each(modules);
    let all: Vec<(&String, &SourceFile)> = named.iter().map(|(name, file)| (name, *file)).collect();
    let mut parts: Vec<Part> = all.chunks(AT_ONCE).map(|files| (files, &[] as &[_])).collect();
    parts.push((&[], start_lines));
    let total = all.len() as u64;
    let compile = |part: &Part| on_large_stack(|| compile_part(interpreter, stdlib, *part, modules))?;
    let compiled = parallel::map(None, &parts, compile, |done, _| {
        progress(total.min(done * AT_ONCE as u64), total);
    })?;
    let mut bytecode = Bytecode::default();
    for part in compiled {
        bytecode.files.extend(part.files);
        bytecode.imports.extend(part.imports);
        bytecode.problems.extend(part.problems);
        bytecode.computed.extend(part.computed);
    }
    add_other_names(&mut bytecode.imports, &named, modules);
    add_unicode_data(&mut bytecode.imports, modules)?;
    Ok(bytecode)
}

/// How many files one interpreter compiles; whatever the number of cores is, for what was compiled before can be seen in bytecode.
const AT_ONCE: usize = 256;

/// Files with the names of their modules, and lines of `.pth` files.
type Part<'a> = (&'a [(&'a String, &'a SourceFile)], &'a [(String, String)]);

fn compile_part(
    interpreter: &Path,
    stdlib: &Path,
    (part, start_lines): Part,
    modules: &BTreeMap<String, &SourceFile>,
) -> Result<Bytecode, Error> {
    if part.is_empty() && start_lines.is_empty() {
        return Ok(Bytecode::default());
    }
    let mut files = Files::new().writable();
    files.add_disk_folder(ampoule_image::STDLIB_PATH, stdlib, |_| true)?;
    for (_, file) in part {
        files.add_disk_file(&file.image, &file.disk)?;
    }
    let messages = Captured::new();
    let configuration = HostConfiguration {
        files,
        stderr: messages.sink(),
        ..HostConfiguration::default()
    };
    match run(interpreter, configuration, &script(part, start_lines))? {
        Some(written) => collect(written, modules),
        None => Err(Error::Compiler(messages.take_text())),
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
fn run(
    interpreter: &Path,
    configuration: HostConfiguration,
    source: &str,
) -> Result<Option<BTreeMap<String, Vec<u8>>>, Error> {
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

fn collect(mut written: BTreeMap<String, Vec<u8>>, modules: &BTreeMap<String, &SourceFile>) -> Result<Bytecode, Error> {
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

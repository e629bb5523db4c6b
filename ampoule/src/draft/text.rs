//! The text of a drafted recipe.

use super::headers::Includes;
use super::modules::Module;
use super::tree::Tree;
use ampoule_action::Digest;
use serde_json::json;
use std::fmt::Write;

/// The source distribution that a draft is of.
#[derive(Debug)]
pub struct Origin {
    /// The package's normalised name.
    pub package: String,
    /// The version.
    pub version: String,
    /// The file's name.
    pub file: String,
    /// The file's digest.
    pub digest: Digest,
    /// The file's size in bytes.
    pub size: u64,
}

/// Writes the recipe; what is missing stands in comments.
pub fn write(origin: &Origin, tree: &Tree, modules: &[Module], includes: &Includes) -> String {
    let mut text = String::from(
        "# A draft: build it (`ampoule wheel --recipes FILE`), and add what its own build would decide.\n",
    );
    if !includes.missing.is_empty() {
        text += "#\n# Headers that are in no folder of it; [[sources]] takes other libraries, unless they are of other systems:\n";
        for (header, file) in &includes.missing {
            let _ = writeln!(text, "# {header}, which {file} includes");
        }
    }
    let versions = match origin.version.rsplit_once('.') {
        Some((series, _)) => format!("=={series}.*"),
        None => format!("=={}", origin.version),
    };
    let _ = writeln!(
        text,
        "package = {}\nversions = {}\n\n[sdists]",
        json!(origin.package),
        json!(versions)
    );
    let _ = writeln!(
        text,
        "{} = {{ file = {}, digest = {}, size = {} }}",
        json!(origin.version),
        json!(origin.file),
        json!(origin.digest.to_string()),
        origin.size
    );
    for cxx in [false, true] {
        generate(&mut text, modules, cxx);
    }
    for module in modules {
        let _ = write!(
            text,
            "\n[[modules]]\nname = {}\nsources = {}\n",
            json!(module.name),
            list(&module.sources)
        );
        let folders: Vec<&String> = includes.folders[&module.name].iter().collect();
        if !folders.is_empty() {
            let _ = writeln!(text, "include = {}", list(&folders));
        }
    }
    python(&mut text, tree);
    text
}

/// The step of Cython for the modules that it makes C of, or C++.
fn generate(text: &mut String, modules: &[Module], cxx: bool) {
    let of_kind = modules.iter().filter(|module| module.is_cxx() == cxx);
    let files: Vec<&String> = of_kind.filter_map(|module| module.cython.as_ref()).collect();
    if files.is_empty() {
        return;
    }
    let arguments = if cxx { vec!["-3", "--cplus"] } else { vec!["-3"] };
    let _ = write!(
        text,
        "\n[[generate]]\ncython = {}\narguments = {}\n",
        list(&files),
        list(&arguments)
    );
}

/// The files of Python.
fn python(text: &mut String, tree: &Tree) {
    if tree.packages.is_empty() {
        return;
    }
    *text += "\n[[python]]\n";
    if !tree.root.is_empty() {
        let _ = writeln!(text, "from = {}", json!(tree.root));
    }
    let pattern = |package: &String| match package.ends_with(".py") {
        true => package.clone(),
        false => format!("{package}/**"),
    };
    let patterns: Vec<String> = tree.packages.iter().map(pattern).collect();
    let _ = writeln!(text, "include = {}", list(&patterns));
    if tree.files.iter().any(|path| path.contains("/tests/")) {
        *text += "exclude = [\"**/tests/**\"]\n";
    }
}

/// A list, in lines of their own if it is long.
fn list<T: serde::Serialize>(values: &[T]) -> String {
    let values: Vec<String> = values.iter().map(|value| json!(value).to_string()).collect();
    match values.len() {
        0..=2 => format!("[{}]", values.join(", ")),
        _ => format!("[\n    {},\n]", values.join(",\n    ")),
    }
}

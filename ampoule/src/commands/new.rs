//! `ampoule new`: a working project to begin with; that of a library is the same that `nix flake init` gives.

use crate::error::Failure;
use ampoule_action::FileError;
use include_dir::{Dir, include_dir};
use std::path::{Path, PathBuf};

static LIBRARY: Dir = include_dir!("$CARGO_MANIFEST_DIR/../nix/template");
static OTHERS: Dir = include_dir!("$CARGO_MANIFEST_DIR/../templates");

/// Flags of `ampoule new`.
#[derive(Debug, clap::Args)]
pub struct NewCommand {
    /// Folder of the new project: not there yet, or empty
    folder: PathBuf,
    /// What it is to be
    #[arg(long, value_name = "TEMPLATE", value_enum, default_value_t)]
    template: Template,
}

/// What a project can be.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Template {
    /// Exports functions of an interface
    #[default]
    Library,
    /// A command with arguments
    Cli,
    /// A server of HTTP without a framework
    Http,
    /// A web application of WSGI, with Bottle
    Wsgi,
    /// A web application of ASGI, with Starlette
    Asgi,
    /// An export that calls an extension module in C
    Extension,
    /// Two components, of which one imports what the other exports
    Composition,
}

impl Template {
    fn files(self) -> &'static Dir<'static> {
        let other = |name| OTHERS.get_dir(name).expect("all templates are in the program");
        match self {
            Template::Library => &LIBRARY,
            Template::Cli => other("cli"),
            Template::Http => other("http"),
            Template::Wsgi => other("wsgi"),
            Template::Asgi => other("asgi"),
            Template::Extension => other("extension"),
            Template::Composition => other("composition"),
        }
    }

    /// What to do first, each after `ampoule` and a blank, with the folder in place of FOLDER.
    fn commands(self) -> &'static [&'static str] {
        match self {
            Template::Library => &["build FOLDER", "run FOLDER/shop.wasm 'total([\"tea\", \"cake\"])'"],
            Template::Cli => &["build FOLDER", "run FOLDER/words.wasm -- tea cake tea"],
            Template::Http => &["build FOLDER", "serve FOLDER/greeting.wasm"],
            Template::Wsgi | Template::Asgi => &["build FOLDER", "serve FOLDER/shop.wasm"],
            Template::Extension => &[
                "build FOLDER",
                "run FOLDER/distance.wasm 'between(\"kitten\", \"sitting\")'",
            ],
            Template::Composition => &[
                "build FOLDER/prices",
                "build FOLDER",
                "run FOLDER/shop.wasm --with FOLDER/prices/prices.wasm 'total([\"tea\", \"cake\"])'",
            ],
        }
    }

    /// How its tests are run, after `ampoule test` and a blank.
    fn tested(self) -> &'static str {
        match self {
            Template::Composition => "FOLDER --with FOLDER/prices/prices.wasm",
            _ => "FOLDER",
        }
    }
}

impl NewCommand {
    /// Writes the project and says how it is built and used.
    pub fn perform(&self) -> Result<(), Failure> {
        if !is_vacant(&self.folder)? {
            return Err(Failure::NotVacant {
                folder: self.folder.clone(),
            });
        }
        let files = self.template.files();
        write(files, files.path(), &self.folder)?;
        let word = quoted(&self.folder);
        let placed = |text: &str| text.replace("FOLDER", &word);
        let first = format!("{} has a project; build it and use it:", self.folder.display());
        let commands = self.template.commands().iter();
        let commands = commands.map(|command| format!("    ampoule {}", placed(command)));
        let last = format!(
            "README.md says more; `ampoule test {}` runs its tests.",
            placed(self.template.tested())
        );
        let lines: Vec<String> = std::iter::once(first).chain(commands).chain([last]).collect();
        Ok(ampoule_action::print_result(lines.join("\n"))?)
    }
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let path = match path.display().to_string() {
        flag if flag.starts_with('-') => format!("./{flag}"),
        path => path,
    };
    let is_plain = |letter: char| letter.is_alphanumeric() || "/._-+:@%,=".contains(letter);
    if path.chars().all(is_plain) {
        path
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

/// Whether a folder is missing or empty.
fn is_vacant(folder: &Path) -> Result<bool, Failure> {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(FileError::reading(folder)(error).into()),
    }
}

/// Writes the files of a template, whose paths begin with `root`.
fn write(template: &Dir, root: &Path, folder: &Path) -> Result<(), Failure> {
    for file in template.files() {
        let path = file.path().strip_prefix(root).unwrap_or(file.path());
        ampoule_action::write(&folder.join(path), file.contents())?;
    }
    template.dirs().try_for_each(|inner| write(inner, root, folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        for (path, expected) in [
            ("shop", "shop"),
            ("../größe/a-b", "../größe/a-b"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$HOME", "'$HOME'"),
            ("-x", "./-x"),
        ] {
            assert_eq!(quoted(Path::new(path)), expected);
        }
    }
}

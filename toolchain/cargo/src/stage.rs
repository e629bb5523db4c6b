//! The stage's command line.

use crate::Error;
use crate::compile::Compilation;
use ampoule_action::{Action, Console, FileError, Named, Outputs, Stage, StageError, make_folder, read_folder};
use ampoule_recipe::{Description, Kind};
use ampoule_rust::Rust;
use ampoule_sdk::Sdk;
use std::path::{Path, PathBuf};

/// Compile a crate in Rust to a library for an extension module of CPython
#[derive(Clone, Debug, clap::Args)]
pub struct Cargo {
    /// Rust's compiler: the output of `rust`
    #[arg(long, value_name = "DIR")]
    pub rust: PathBuf,
    /// The SDK, for crates with C: the output of `sdk`
    #[arg(long, value_name = "DIR")]
    pub sdk: PathBuf,
    /// The description of the extension module (TOML), of the kind `rust`
    #[arg(long, value_name = "FILE")]
    pub description: PathBuf,
    /// The folder that the description's paths are relative to
    #[arg(long, value_name = "DIR")]
    pub source: PathBuf,
    /// A crate that the lock names, its file (.crate) by its name and version; given once for each
    #[arg(long = "crate", value_name = "NAME-VERSION=FILE", value_parser = parse_crate)]
    pub crates: Vec<(String, PathBuf)>,
    /// Do not confine cargo and what it runs: what runs this stage does so
    #[arg(long)]
    pub sandboxed: bool,
    /// Write the library (.a) to this file
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
}

fn parse_crate(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => Ok((name.to_string(), file.into())),
        _ => Err("expected NAME-VERSION=FILE".to_string()),
    }
}

/// What a source folder has beside the sources: what cargo and git keep there.
const LEFT_OUT: [&str; 2] = ["target", ".git"];

/// Whether an entry of the source folder, by its path there, is none of the sources.
pub(crate) fn is_left_out(path: &Path) -> bool {
    LEFT_OUT.iter().any(|name| path == Path::new(name))
}

/// The parts of the source folder, as inputs. What cannot be listed is one, so that it is found missing.
fn parts(source: &Path) -> Vec<Named> {
    let Ok(entries) = read_folder(source) else {
        return vec![Named::new("source", source)];
    };
    let name = |path: &PathBuf| path.file_name().map(PathBuf::from).unwrap_or_default();
    let parts = entries.into_iter().filter(|path| !is_left_out(&name(path)));
    parts
        .map(|path| Named::new(format!("source/{}", name(&path).display()), path))
        .collect()
}

impl Stage for Cargo {
    fn name(&self) -> &'static str {
        "cargo"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            rust,
            sdk,
            description,
            source,
            crates,
            sandboxed: _,
            output,
        } = self;
        let crates = crates.iter();
        let crates = crates.map(|(name, file)| Named::new(format!("crate:{name}"), file));
        Action::default()
            .input("rust", rust)
            .input("sdk", sdk)
            .input("description", description)
            .inputs(parts(source))
            .inputs(crates)
            .output("library", output)
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        let description = Description::read(&self.description).map_err(Error::from)?;
        let Kind::Rust = description.kind else {
            return Err(Error::NotRust(self.description.clone()).into());
        };
        let output = outputs.path("library");
        // cargo writes all paths in this form, and they are to be found again.
        let scratch = output.with_file_name("scratch");
        make_folder(&scratch)?;
        let scratch = scratch.canonicalize().map_err(FileError::reading(&scratch))?;
        let compilation = Compilation {
            rust: &Rust::open(&self.rust)?,
            sdk: &Sdk::open(&self.sdk)?,
            description: &description,
            source: &self.source,
            crates: &self.crates,
            is_confined: self.sandboxed,
            scratch: &scratch,
        };
        compilation.run(&output, console)?;
        Ok(())
    }
}

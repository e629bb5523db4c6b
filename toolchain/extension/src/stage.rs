//! The stage's command line.

use crate::{Build, Error, Folders};
use ampoule_action::{Action, Console, Named, Outputs, Stage, StageError};
use ampoule_recipe::{Description, Kind};
use ampoule_sdk::Sdk;
use clap::Args;
use std::path::PathBuf;

/// Compile C and C++ sources to an extension module of CPython
#[derive(Clone, Debug, Args)]
pub struct Extension {
    /// The SDK: the output of `sdk`, or an unpacked wasi-sdk release
    #[arg(long, value_name = "DIR")]
    pub sdk: PathBuf,
    /// CPython: the output of `cpython`
    #[arg(long, value_name = "DIR")]
    pub cpython: PathBuf,
    /// The C++ libraries: the output of `libcxx`; needed for sources in C++, unless the SDK is a wasi-sdk release, which brings some
    #[arg(long, value_name = "DIR")]
    pub libcxx: Option<PathBuf>,
    /// The description of the extension module (TOML)
    #[arg(long, value_name = "FILE")]
    pub description: PathBuf,
    /// Make an archive of the objects, for other modules to link, in place of a module
    #[arg(long)]
    pub library: bool,
    /// A library that the module links, by the name that the description has: an archive of this stage; may be given several times
    #[arg(long = "link", value_name = "NAME=FILE", value_parser = parse_library)]
    pub libraries: Vec<(String, PathBuf)>,
    /// The folder that the description's paths are relative to; a module in Rust needs none
    #[arg(long, value_name = "DIR")]
    pub source: Option<PathBuf>,
    /// Write the extension module to this file
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
}

fn parse_library(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => Ok((name.to_string(), file.into())),
        _ => Err("expected NAME=FILE".to_string()),
    }
}

impl Extension {
    fn headers(&self) -> PathBuf {
        self.cpython.join(ampoule_image::HEADERS)
    }
}

impl Stage for Extension {
    fn name(&self) -> &'static str {
        "extension"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            sdk,
            cpython: _,
            libcxx,
            description,
            library,
            libraries,
            source,
            output,
        } = self;
        let libraries = libraries.iter();
        let libraries = libraries.map(|(name, file)| Named::new(format!("library:{name}"), file));
        Action::default()
            .parameter("library", library)
            .input("sdk", sdk)
            .input("headers", self.headers())
            .inputs(libcxx.iter().map(|folder| Named::new("libcxx", folder)))
            .input("description", description)
            .inputs(source.iter().map(|folder| Named::new("source", folder)))
            .inputs(libraries)
            .output("extension", output)
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        let sdk = Sdk::open(&self.sdk)?;
        let description = Description::read(&self.description)?;
        let source = match (&self.source, description.kind) {
            (Some(source), _) => source.clone(),
            // Its library has all of it.
            (None, Kind::Rust) => PathBuf::from("."),
            (None, Kind::C) => return Err(Error::NoSource.into()),
        };
        let build = Build {
            sdk: &sdk,
            folders: Folders {
                headers: self.headers(),
                source,
                libcxx: self.libcxx.clone(),
            },
            description,
            libraries: self.libraries.iter().cloned().collect(),
        };
        let output = outputs.path("extension");
        match self.library {
            true => build.library(&output, console)?,
            false => build.module(&output, console)?,
        }
        Ok(())
    }
}

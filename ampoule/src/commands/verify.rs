//! `ampoule verify`: the same bytes from nothing, in another place.

use crate::chain::{self, Chain, Steps};
use crate::error::Failure;
use crate::flags::CommonFlags;
use crate::project::Project;
use ampoule_action::{Console, Links, copy_folder, temporary_folder};
use ampoule_compile::{Sources, is_link_of_a_build_system};
use std::path::{Path, PathBuf};

/// Flags of `ampoule verify`.
#[derive(Debug, clap::Args)]
pub struct VerifyCommand {
    /// Folder with pyproject.toml
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// In place of a project, the toolchain: that of the prefilled caches, if there are any, else that of the cache
    #[arg(long, conflicts_with = "folder")]
    toolchain: bool,
}

impl VerifyCommand {
    /// Builds with the cache, then a copy of the project in another folder with an empty cache, and compares every record.
    pub fn perform(&self, common: &CommonFlags) -> Result<(), Failure> {
        let console = common.console();
        let options = common.chain()?;
        let scratch = temporary_folder()?;
        let again = chain::Options {
            cache: scratch.path().join("cache"),
            prefilled: Vec::new(),
            ..options.clone()
        };
        reuse_files(&options.cache, &again.cache)?;
        let (first, second) = match self.toolchain {
            true => {
                let apart = scratch.path().join("prefilled");
                (
                    toolchain(prefilled_alone(options, apart), &console)?,
                    toolchain(again, &console)?,
                )
            }
            false => (self.build(options, &console)?, self.build(again, &console)?),
        };
        let differences = differences(&first, &second);
        if !differences.is_empty() {
            return Err(Failure::NotReproducible { differences });
        }
        console.line(&second.table());
        let count = second.0.len();
        Ok(ampoule_action::print_result(format_args!(
            "{count} stages rebuilt from nothing, every digest the same"
        ))?)
    }

    /// The stages of a copy of the project.
    fn build(&self, options: chain::Options, console: &Console) -> Result<Steps, Failure> {
        let (_scratch, project) = elsewhere(&self.folder)?;
        Ok(Chain::open(options, console)?.build(&project)?.steps)
    }
}

/// The stages of the toolchain.
fn toolchain(options: chain::Options, console: &Console) -> Result<Steps, Failure> {
    let chain = Chain::open(options, console)?;
    chain.repairing(|| chain.prefillable())?;
    Ok(chain.steps())
}

/// What finds the results of the prefilled caches, if there are any, rather than those that were made here.
fn prefilled_alone(options: chain::Options, empty: PathBuf) -> chain::Options {
    match options.prefilled.is_empty() {
        true => options,
        false => chain::Options {
            cache: empty,
            ..options
        },
    }
}

/// A copy of a project in a new folder, which goes when the first value is dropped. What is refused or left out where it is would
/// be a file like others in the copy.
fn elsewhere(folder: &Path) -> Result<(tempfile::TempDir, Project), Failure> {
    let original = Project::read(folder)?;
    Sources::list(
        &original.paths,
        std::slice::from_ref(&original.output),
        &original.compile,
    )?;
    let scratch = temporary_folder()?;
    let copy = scratch.path().join("project");
    // What is linked to from elsewhere is not beside the copy.
    copy_folder(folder, &copy, Links::Followed, |path| {
        !is_link_of_a_build_system(&folder.join(path))
    })?;
    let project = Project {
        output: scratch.path().join("component.wasm"),
        ..Project::read(&copy)?
    };
    Ok((scratch, project))
}

/// The fetched files are pinned by digest: they are taken over, and checked again where they are read.
fn reuse_files(from: &Path, to: &Path) -> Result<(), Failure> {
    let files = from.join("files");
    if files.is_dir() {
        copy_folder(&files, &to.join("files"), Links::Followed, |_| true)?;
    }
    Ok(())
}

/// Stage and output of everything that is not the same in both builds.
fn differences(Steps(first): &Steps, Steps(second): &Steps) -> Vec<String> {
    let mut found = Vec::new();
    if first.len() != second.len() {
        found.push("the list of stages".to_string());
    }
    for (one, other) in first.iter().zip(second) {
        if one.record.key() != other.record.key() {
            found.push(format!("{}: its inputs or parameters", one.record.stage));
        }
        for (name, digest) in &one.record.outputs {
            match other.record.outputs.get(name) {
                Some(again) if again == digest => {}
                Some(again) => found.push(format!("{}: {name} ({digest}, then {again})", one.record.stage)),
                None => found.push(format!("{}: {name} is missing", one.record.stage)),
            }
        }
    }
    found
}

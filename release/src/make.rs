//! The whole release: tools, toolchain, an example, and what is said of them.

use crate::cargo::{DRIVER, Workspace};
use crate::source::SourceTree;
use crate::wheel::{self, Wheels};
use crate::{Error, archive, crates, provenance, run, sums, tools};
use ampoule_action::{FileError, absolute, folder_of, make_folder, rename, write_atomically};
use ampoule_attestation::{Bill, Part, Scope, Statement};
use ampoule_fetch::{Pins, Platform};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What every archive of the tools holds beside them.
const DOCUMENTS: [&str; 3] = ["LICENSE", "NOTICE.md", "README.md"];

/// The example that is built with the released tools: it has stages of every kind, and a Python dependency.
const EXAMPLE: &str = "extension";

/// The parts of the toolchain that are released.
const TOOLCHAIN: [&str; 3] = ["sdk", "cpython", "interpreter"];

/// How a release is made.
#[derive(Clone, Debug, clap::Args)]
pub struct Make {
    /// Folder of Ampoule's source
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub source: PathBuf,
    /// Folder for the release, which must not be there yet
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// URI of who builds, for the provenance
    #[arg(long, value_name = "URI", default_value = ampoule_attestation::provenance::BUILDER)]
    pub builder: String,
    /// Folder with pinned files, looked at before the network; may be given several times
    #[arg(long, value_name = "DIR")]
    pub mirror: Vec<PathBuf>,
    /// Folder with the tools in `bin`, as `ampoule-release tools` gives it, instead of building them
    #[arg(long, value_name = "DIR")]
    pub tools: Option<PathBuf>,
    /// Folder of the cache for the toolchain and the example [default: an empty one]
    #[arg(long, value_name = "DIR")]
    pub cache: Option<PathBuf>,
    /// Also write an archive of all pinned inputs, for --mirror where their sources are gone
    #[arg(long)]
    pub inputs: bool,
}

/// A release in the making.
struct Release<'a> {
    how: &'a Make,
    work: &'a Path,
    output: &'a Path,
    source: SourceTree,
    tools: PathBuf,
    version: String,
    platform: Platform,
    crates: Vec<Part>,
    host: String,
}

/// Makes a release; gives the names of its files.
///
/// # Errors
/// When a step fails; the output's folder is not there then.
pub fn make(how: &Make) -> Result<Vec<String>, Error> {
    if how.output.exists() {
        return Err(Error::OutputExists(how.output.clone()));
    }
    let parent = folder_of(&how.output);
    make_folder(parent)?;
    let scratch = tempfile::Builder::new()
        .prefix(".ampoule-")
        .tempdir_in(parent)
        .map_err(FileError::writing(parent))?;
    let work = absolute(scratch.path())?;
    let output = work.join("release");
    let names = Release::prepare(how, &work, &output)?.fill()?;
    rename(&output, &how.output)?;
    Ok(names)
}

impl<'a> Release<'a> {
    fn prepare(how: &'a Make, work: &'a Path, output: &'a Path) -> Result<Release<'a>, Error> {
        let source = SourceTree::copy(&how.source, &work.join("source"))?;
        let tools = match &how.tools {
            Some(folder) => folder.clone(),
            None => {
                let folder = work.join("tools");
                tools::build(&source.folder, Some(&work.join("target")), &folder)?;
                folder
            }
        };
        let host = ampoule_environment::platform().map_err(Error::Environment)?;
        Ok(Release {
            crates: crates::parts(&source.folder, &host)?,
            version: Workspace::read(&source.folder, &["--no-deps"])?
                .driver()
                .version
                .clone(),
            platform: Platform::host(),
            host,
            how,
            work,
            output,
            source,
            tools,
        })
    }

    fn fill(&self) -> Result<Vec<String>, Error> {
        let mut statements = vec![self.provenance_of_tools()?];
        let example = self.build_example()?;
        statements.extend(example);
        self.export_toolchain()?;
        statements.extend(self.archives(&statements)?);
        statements.push(self.wheel(&statements)?);
        if self.how.inputs {
            statements.push(self.inputs()?);
        }
        let lines = ampoule_attestation::provenance::json_lines(&statements);
        write_atomically(&self.path("ampoule", "provenance.jsonl"), &lines)?;
        write_atomically(&self.path("ampoule", "cdx.json"), &self.bill()?.to_json()?)?;
        sums::write(self.output)
    }

    fn provenance_of_tools(&self) -> Result<Statement, Error> {
        provenance::of_tools(&self.tools, &self.source, &self.crates, &self.host, &self.how.builder)
    }

    /// The path of a released file: its name tells part, version and platform.
    fn path(&self, part: &str, extension: &str) -> PathBuf {
        self.output.join(format!("{}.{extension}", self.name(part)))
    }

    fn name(&self, part: &str) -> String {
        format!("{part}-{}-{}", self.version, self.platform)
    }

    /// The released driver, with the cache of this release.
    fn ampoule(&self) -> Command {
        let mut command = Command::new(self.tools.join("bin/ampoule"));
        command.arg("--cache").arg(self.cache());
        for folder in &self.how.mirror {
            command.arg("--mirror").arg(folder);
        }
        command
    }

    fn cache(&self) -> PathBuf {
        self.how.cache.clone().unwrap_or_else(|| self.work.join("cache"))
    }

    /// Makes the wheel; gives its provenance: the program, and the toolchain whose results it has.
    fn wheel(&self, statements: &[Statement]) -> Result<Statement, Error> {
        let wheel = wheel::make(&Wheels {
            source: self.source.folder.clone(),
            output: self.output.to_path_buf(),
            mirror: self.how.mirror.clone(),
            tools: Some(self.tools.clone()),
            cache: Some(self.cache()),
        })?;
        let mut members = vec![(self.tools.join("bin/ampoule"), PathBuf::from("ampoule/bin/ampoule"))];
        members.extend(TOOLCHAIN.map(|part| (self.work.join("toolchain").join(part), PathBuf::from(part))));
        provenance::of_archive(&wheel, "wheel", &members, statements, &self.how.builder)
    }

    /// Writes the archive of the pinned inputs; gives its provenance.
    fn inputs(&self) -> Result<Statement, Error> {
        let path = self.path("ampoule-inputs", "tar");
        let mut fetch = self.ampoule();
        fetch.args(["fetch", "--rust", "--recipes", "--output"]).arg(&path);
        run::succeed(&mut fetch)?;
        provenance::of_inputs(&path, &self.how.builder)
    }

    /// Builds the example with bill and provenance; gives the provenance of all its actions, the toolchain's among them.
    fn build_example(&self) -> Result<Vec<Statement>, Error> {
        let provenance = self.work.join("example.jsonl");
        run::succeed(
            self.ampoule()
                .arg("build")
                .arg(self.source.folder.join("examples").join(EXAMPLE))
                .arg("--output")
                .arg(self.path("ampoule-example", "wasm"))
                .arg("--sbom")
                .arg(self.path("ampoule-example", "cdx.json"))
                .arg("--provenance")
                .arg(&provenance)
                .args(["--builder", &self.how.builder]),
        )?;
        provenance::read(&provenance)
    }

    fn export_toolchain(&self) -> Result<(), Error> {
        run::succeed(
            self.ampoule()
                .arg("toolchain")
                .arg("--output")
                .arg(self.work.join("toolchain")),
        )
    }

    fn archives(&self, statements: &[Statement]) -> Result<Vec<Statement>, Error> {
        let mut tools = vec![(self.tools.join("bin"), PathBuf::from("bin"))];
        tools.extend(DOCUMENTS.map(|name| (self.source.folder.join(name), PathBuf::from(name))));
        let mut made = vec![self.archive("ampoule", &tools, statements)?];
        for part in TOOLCHAIN {
            let member = (self.work.join("toolchain").join(part), PathBuf::from(part));
            made.push(self.archive(&format!("ampoule-{part}"), &[member], statements)?);
        }
        Ok(made)
    }

    fn archive(&self, part: &str, members: &[archive::Member], statements: &[Statement]) -> Result<Statement, Error> {
        let path = self.path(part, "tar.gz");
        archive::write(&path, &self.name(part), members)?;
        provenance::of_archive(&path, "tar.gz", members, statements, &self.how.builder)
    }

    /// What the release is made of: the crates of the tools, and the pins of the toolchain.
    fn bill(&self) -> Result<Bill, Error> {
        let mut parts = self.crates.clone();
        let driver = parts.iter().position(|part| part.name == DRIVER);
        let mut whole = parts.remove(driver.expect("the driver is among its crates"));
        for pin in Pins::open(&self.source.folder.join("toolchain/pins.json"))?.all() {
            let scope = if pin.is_of_toolchain() {
                Scope::Contained
            } else {
                Scope::Tool
            };
            let part = Part::of_pin(pin, pin.file(&self.platform)?, scope);
            whole.made_of.push(part.reference.clone());
            parts.push(part);
        }
        Ok(Bill { whole, parts })
    }
}

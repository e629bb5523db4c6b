//! The stage: clang's package in, a folder of libraries out.

use crate::Error;
use crate::build::Build;
use ampoule_action::{Action, Console, Outputs, Stage, StageError, read_text};
use ampoule_archive::Archive;
use ampoule_sdk::Sdk;
use std::path::{Path, PathBuf};

/// The names of the packages.
pub const ARCHIVES: [&str; 1] = ["clang"];

/// What is unpacked of the package.
const SOURCES: [&str; 3] = ["lib/libcxx", "lib/libcxxabi", "lib/libunwind"];

/// The header that says which version libc++ has.
const CONFIG: &str = "__config";

/// Compile the C++ libraries, which extension modules in C++ need
#[derive(Clone, Debug, clap::Args)]
pub struct MakeLibcxx {
    /// The SDK: the output of `sdk`
    #[arg(long, value_name = "DIR")]
    pub sdk: PathBuf,
    /// The package clang, a wheel that has the sources of libc++ beside clang itself
    #[arg(long = "archive", value_name = "NAME=FORMAT,strip=N,bytes=N,entries=N:FILE")]
    pub archives: Vec<Archive>,
    /// Compile them with exceptions, for extension modules that have them
    #[arg(long)]
    pub exceptions: bool,
    /// Write the libraries to this folder
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
}

impl MakeLibcxx {
    /// Unpacks the sources; gives their folder.
    fn unpack(&self, scratch: &Path) -> Result<PathBuf, Error> {
        let archive = Archive::needed(&self.archives, &ARCHIVES)?["clang"];
        archive.unpack(scratch, &SOURCES)?;
        match SOURCES.into_iter().find(|path| !scratch.join(path).is_dir()) {
            Some(path) => Err(Error::PartMissing {
                archive: archive.file.clone(),
                path,
            }),
            None => Ok(scratch.join("lib")),
        }
    }

    /// Checks that the SDK has the headers of these sources.
    fn check_version(&self, sdk: &Sdk, sources: &Path) -> Result<(), Error> {
        let own = version(&read_text(&sources.join("libcxx/include").join(CONFIG))?);
        let installed = version(&read_text(&sdk.cxx_headers().join(CONFIG))?);
        if own == installed {
            return Ok(());
        }
        Err(Error::OtherVersion {
            sdk: self.sdk.clone(),
            archive: self.archives[0].file.clone(),
        })
    }
}

/// The line of the header that says the version.
fn version(config: &str) -> Option<String> {
    let mut lines = config.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    lines
        .find(|words| words.contains(&"_LIBCPP_VERSION"))
        .map(|words| words.join(" "))
}

impl Stage for MakeLibcxx {
    fn name(&self) -> &'static str {
        "libcxx"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            sdk,
            archives,
            exceptions,
            output,
        } = self;
        Action::default()
            .parameter("archives", Archive::parameters(archives))
            .parameter("exceptions", exceptions)
            .input("sdk", sdk)
            .inputs(Archive::inputs(archives))
            .output("libcxx", output)
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        let output = outputs.path("libcxx");
        let scratch = output.with_file_name("parts");
        console.step("unpacking the sources of libc++", 0, 1);
        let sources = self.unpack(&scratch)?;
        let sdk = Sdk::open(&self.sdk)?;
        self.check_version(&sdk, &sources)?;
        let build = Build {
            sdk: &sdk,
            sources: &sources,
            exceptions: self.exceptions,
            scratch: &scratch,
        };
        build.run(&output, console)?;
        Ok(())
    }
}

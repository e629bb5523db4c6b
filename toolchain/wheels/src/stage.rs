//! The stage's command line.

use crate::{Environment, Error, Files, Installed, Lock, LockFormat, Package, install, normalised};
use ampoule_action::{Action, Console, Digest, Named, Outputs, Stage, StageError, make_folder};
use ampoule_settings::WheelsSettings;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Install the locked wheels of a project's dependencies to a folder of the Python path
#[derive(Clone, Debug, clap::Args)]
pub struct Wheels {
    /// The lock.
    #[command(flatten)]
    pub lock: WheelsSettings,
    /// A wheel by its own name, such as `six-1.17.0-py2.py3-none-any.whl=/store/...`; may be given several times. Those that the lock does
    /// not want in a component are left out
    #[arg(long = "wheel", value_name = "NAME=FILE", value_parser = parse_wheel)]
    pub wheels: Vec<(String, PathBuf)>,
    /// Version of CPython in the component, which markers see
    #[arg(long, value_name = "VERSION")]
    pub python_version: String,
    /// Package of the lock that comes some other way, such as compiled from source; may be given several times
    #[arg(long, value_name = "PACKAGE")]
    pub provided: Vec<String>,
    /// Folder of the installed distributions
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
}

fn parse_wheel(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => Ok((name.to_string(), file.into())),
        _ => Err("expected NAME=FILE, such as `six-1.17.0-py2.py3-none-any.whl=six.whl`".to_string()),
    }
}

impl Stage for Wheels {
    fn name(&self) -> &'static str {
        "wheels"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            lock: WheelsSettings { pylock, requirements },
            wheels,
            python_version,
            provided: _,
            output,
        } = self;
        let wheels = wheels.iter();
        let wheels = wheels.map(|(name, file)| Named::new(format!("wheel:{name}"), file));
        Action::default()
            .parameter("python-version", python_version)
            .parameter("provided", self.provided())
            .inputs(pylock.iter().map(|file| Named::new("pylock", file)))
            .inputs(requirements.iter().map(|file| Named::new("requirements", file)))
            .inputs(wheels)
            .output("folder", output)
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        let environment = Environment::of(&self.python_version)?;
        let lock = self.lock(&environment)?;
        let given = self.by_digest()?;
        let folder = outputs.path("folder");
        make_folder(&folder)?;
        let mut installed = Installed::default();
        for package in lock.required(&environment, &self.provided())? {
            let (name, file) = chosen(package, &given)?;
            for note in install(name, file, &folder, &mut installed)? {
                console.line(&note);
            }
        }
        Ok(())
    }
}

impl Wheels {
    fn lock(&self, environment: &Environment) -> Result<Lock, Error> {
        let pylock = self.lock.pylock.iter().map(|file| (file, LockFormat::Pylock));
        let requirements = self
            .lock
            .requirements
            .iter()
            .map(|file| (file, LockFormat::Requirements));
        let (file, format) = pylock.chain(requirements).next().ok_or(Error::NoLock)?;
        Lock::read(file, format, environment)
    }

    fn provided(&self) -> Vec<String> {
        self.provided.iter().map(|name| normalised(name)).collect()
    }

    fn by_digest(&self) -> Result<BTreeMap<Digest, &(String, PathBuf)>, Error> {
        let digest = |wheel| {
            let (_, file): &(String, PathBuf) = wheel;
            Ok((Digest::of_file(file)?, wheel))
        };
        self.wheels.iter().map(digest).collect()
    }
}

/// The given wheel of a package: the one that has the digest of the lock.
fn chosen<'a>(
    package: &Package,
    given: &BTreeMap<Digest, &'a (String, PathBuf)>,
) -> Result<(&'a str, &'a PathBuf), Error> {
    let (found, wanted) = match &package.files {
        Files::Wheel(wheel) => (given.get(&wheel.digest), wheel.file.clone()),
        Files::Digests(digests) => (
            digests.iter().find_map(|digest| given.get(digest)),
            package.name.clone(),
        ),
        Files::Project | Files::Unusable(_) => (None, package.name.clone()),
    };
    let (name, file) = found.ok_or(Error::NotGiven { wanted })?;
    Ok((name, file))
}

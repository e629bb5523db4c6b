//! The stage's command line.

use crate::install::same_version;
use crate::{Environment, Error, Files, Installed, Lock, LockFormat, Package, WheelName, install, normalised};
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
    /// A wheel that was built from the source distribution of a package of the lock, by its own name; may be given several times
    #[arg(long = "built", value_name = "NAME=FILE", value_parser = parse_wheel)]
    pub built: Vec<(String, PathBuf)>,
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
            built,
            python_version,
            provided: _,
            output,
        } = self;
        let wheels = wheels.iter();
        let wheels = wheels.map(|(name, file)| Named::new(format!("wheel:{name}"), file));
        let built = built.iter();
        let built = built.map(|(name, file)| Named::new(format!("built:{name}"), file));
        Action::default()
            .parameter("python-version", python_version)
            .parameter("provided", self.provided())
            .inputs(pylock.iter().map(|file| Named::new("pylock", file)))
            .inputs(requirements.iter().map(|file| Named::new("requirements", file)))
            .inputs(wheels)
            .inputs(built)
            .output("folder", output)
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        let environment = Environment::of(&self.python_version)?;
        let lock = self.lock(&environment)?;
        let given = self.by_digest()?;
        let built = self.built()?;
        let names: Vec<String> = built.keys().cloned().collect();
        let folder = outputs.path("folder");
        make_folder(&folder)?;
        let mut installed = Installed::default();
        for package in lock.required(&environment, &self.provided(), &names)? {
            let (name, file) = match built.get(&package.name) {
                Some(wheel) => wheel.of(package)?,
                None => chosen(package, &given)?,
            };
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

    /// The built wheels, by the names of their packages.
    fn built(&self) -> Result<BTreeMap<String, Built<'_>>, Error> {
        let parsed = self.built.iter().map(|(file, path)| {
            let name = WheelName::parse(file).ok_or_else(|| Error::Wheel {
                wheel: file.clone(),
                reason: "its name is not that of a wheel".to_string(),
            })?;
            Ok((name.project.clone(), Built { file, path, name }))
        });
        parsed.collect()
    }

    fn by_digest(&self) -> Result<BTreeMap<Digest, &(String, PathBuf)>, Error> {
        let digest = |wheel| {
            let (_, file): &(String, PathBuf) = wheel;
            Ok((Digest::of_file(file)?, wheel))
        };
        self.wheels.iter().map(digest).collect()
    }
}

/// A wheel that was built.
struct Built<'b> {
    file: &'b str,
    path: &'b PathBuf,
    name: WheelName,
}

impl Built<'_> {
    /// The wheel, if it is one of that version of the package.
    fn of(&self, package: &Package) -> Result<(&str, &PathBuf), Error> {
        let wanted = package.version.as_deref().unwrap_or_default();
        if same_version(&self.name.version, wanted) {
            return Ok((self.file, self.path));
        }
        Err(Error::Wheel {
            wheel: self.file.to_string(),
            reason: format!("the lock has version {wanted} of {}", package.name),
        })
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

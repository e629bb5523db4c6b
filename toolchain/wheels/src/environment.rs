//! The interpreter in a component, as markers see it (PEP 508).

use crate::Error;
use pep508_rs::pep440_rs::{Version, VersionSpecifiers};
use pep508_rs::{ExtraName, MarkerEnvironment, MarkerEnvironmentBuilder};

/// What the markers of a lock are evaluated for.
#[derive(Clone, Debug)]
pub struct Environment {
    markers: MarkerEnvironment,
    version: Version,
    /// Extras and groups that are chosen, as [`crate::marker`] writes them.
    chosen: Vec<ExtraName>,
}

impl Environment {
    /// The environment of a component with a version of CPython such as `3.13.9`. The values are what `os`, `sys` and `platform` tell there.
    ///
    /// # Errors
    /// When the text is no version.
    pub fn of(python_version: &str) -> Result<Environment, Error> {
        let invalid = || Error::PythonVersion {
            version: python_version.to_string(),
        };
        let version: Version = python_version.parse().map_err(|_| invalid())?;
        let [major, minor, ..] = *version.release() else {
            return Err(invalid());
        };
        let markers = MarkerEnvironmentBuilder {
            implementation_name: "cpython",
            implementation_version: python_version,
            os_name: "posix",
            platform_machine: "wasm32",
            platform_python_implementation: "CPython",
            platform_release: "0.0.0",
            platform_system: "wasi",
            platform_version: "0.0.0",
            python_full_version: python_version,
            python_version: &format!("{major}.{minor}"),
            sys_platform: "wasi",
        };
        Ok(Environment {
            markers: markers.try_into().map_err(|_| invalid())?,
            version,
            chosen: Vec::new(),
        })
    }

    /// The environment in which these extras and groups of a lock are chosen.
    pub(crate) fn choosing(&self, chosen: Vec<ExtraName>) -> Environment {
        Environment { chosen, ..self.clone() }
    }

    /// The values of the markers.
    pub(crate) fn markers(&self) -> &MarkerEnvironment {
        &self.markers
    }

    /// The extras and groups that are chosen.
    pub(crate) fn chosen(&self) -> &[ExtraName] {
        &self.chosen
    }

    /// Whether the Python is of a version that a package or lock asks for.
    pub(crate) fn satisfies(&self, required: &VersionSpecifiers) -> bool {
        required.contains(&self.version)
    }

    /// The version of Python.
    pub(crate) fn version(&self) -> &Version {
        &self.version
    }

    /// The minor version of Python 3.
    pub(crate) fn minor(&self) -> u64 {
        self.version.release()[1]
    }
}

/// Whether a version is in a range (PEP 440); false if one of them is none.
pub fn is_within(version: &str, range: &str) -> bool {
    let (version, range) = (version.parse::<Version>(), range.parse::<VersionSpecifiers>());
    matches!((version, range), (Ok(version), Ok(range)) if range.contains(&version))
}

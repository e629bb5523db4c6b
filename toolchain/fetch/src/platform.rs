//! The machine that the toolchain runs on.

use std::fmt;

/// A processor and an operating system, named as Nix names its systems: `x86_64-linux`, `aarch64-darwin`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Platform(String);

impl Platform {
    /// The machine that this program runs on.
    pub fn host() -> Platform {
        let system = match std::env::consts::OS {
            "macos" => "darwin",
            other => other,
        };
        Platform(format!("{}-{system}", std::env::consts::ARCH))
    }

    /// A platform by its name.
    pub fn named(name: &str) -> Platform {
        Platform(name.to_string())
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

//! Taking the tree.

use crate::{Error, programs};
use std::path::{Path, PathBuf};

/// A tree that the stage has made, for the machine that it was made on.
#[derive(Clone, Debug)]
pub struct Rust {
    root: PathBuf,
    host: String,
}

impl Rust {
    /// Opens a tree.
    ///
    /// # Errors
    /// When a part is not there.
    pub fn open(root: &Path) -> Result<Rust, Error> {
        let root = ampoule_action::absolute(root)?;
        for part in ["bin/rustc", "bin/cargo", "zig/zig"] {
            if !root.join(part).is_file() {
                return Err(Error::Incomplete {
                    missing: part.into(),
                    tree: root,
                });
            }
        }
        let host = programs::host()?;
        Ok(Rust { root, host })
    }

    /// The tree, as an absolute path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The program that links what runs on this machine.
    pub fn linker(&self) -> PathBuf {
        let linker = self.program(programs::LINKER);
        if linker.is_file() {
            linker
        } else {
            self.program(programs::COMPILER)
        }
    }

    /// A program: `rustc` or `cargo`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.root.join("bin").join(name)
    }

    /// The target of what runs on this machine, such as `x86_64-unknown-linux-gnu`.
    pub fn host(&self) -> &str {
        &self.host
    }
}

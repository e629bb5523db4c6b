//! Extension modules in Rust: the compiler, which only projects with such a module fetch; the crates of a lock; and the library of each module.

use super::Chain;
use super::toolchain::Toolchain;
use crate::error::Failure;
use ampoule_fetch::{Pin, crate_pin, crates_of};
use ampoule_recipe::{Description, LockedCrate};
use std::cell::Cell;
use std::path::{Path, PathBuf};

/// The pins of Rust's compiler: those of the Rust project, and those of Debian for where these cannot be reached. Their code differs, as
/// their compilers do: the record of what is built says which it was.
const COMPILERS: [&[&str]; 2] = [&["rust", "rust-system"], &["rust-debian", "rust-system"]];

/// How the pins of a compiler's program end.
const RUSTC: &str = "rustc";

/// Whether a pin is of the compiler that is taken where it can be had.
pub fn is_first_choice(pin: &Pin) -> bool {
    COMPILERS[0].contains(&pin.group.as_str())
}

/// Rust's compiler.
struct Compiler {
    folder: PathBuf,
    /// Its name and its version.
    version: (String, String),
}

/// A module's library.
pub(super) struct Library {
    pub(super) file: PathBuf,
    /// The crates that its lock names.
    pub(super) crates: Vec<Pin>,
    /// What it was compiled with, and the version.
    pub(super) compiler: (String, String),
}

impl Chain<'_> {
    /// Compiles the library of a module in Rust, or finds it in the cache. What its recipe lists are its crates where it has no lock.
    pub(super) fn crate_library(
        &self,
        toolchain: &Toolchain,
        described: &Description,
        description: &Path,
        source: &Path,
        listed: &[LockedCrate],
    ) -> Result<Library, Failure> {
        let crates = match described.lock_in(source) {
            Some(lock) => crates_of(&lock)?,
            None => pins_of(listed, source.join(described.manifest()))?,
        };
        let file = |pin: &Pin| Ok::<_, Failure>((format!("{}-{}", pin.name, pin.version), self.place(pin)?));
        let files = crates.iter().map(file).collect::<Result<_, _>>()?;
        let rust = self.rust()?;
        let options = ampoule_fetch::Options {
            cargo: Some(rust.folder.join("bin/cargo")),
            ..self.options.fetching.clone()
        };
        let stage = ampoule_cargo::Cargo {
            rust: rust.folder,
            sdk: toolchain.sdk.clone(),
            description: description.to_path_buf(),
            source: source.to_path_buf(),
            crates: files,
            sandboxed: false,
            output: "library.a".into(),
        };
        let fetch = || {
            let pins: Vec<&Pin> = crates.iter().collect();
            ampoule_fetch::fetch(&pins, &self.cache.files(), &options, self.console)?;
            Ok(())
        };
        let done = self.perform_after(fetch, &stage)?;
        self.crates.borrow_mut().extend(crates.iter().cloned());
        Ok(Library {
            file: done.path("library").to_path_buf(),
            crates,
            compiler: rust.version,
        })
    }

    /// The compiler: of the Rust project's archives, or of Debian's packages where those cannot be had.
    fn rust(&self) -> Result<Compiler, Failure> {
        let [first, second] = COMPILERS;
        let (made, is_fetched) = self.make_rust(first)?;
        match made {
            Err(_) if !is_fetched && self.has_compiler(second) => {
                self.console
                    .line("the Rust project's archives cannot be had; Debian's packages of the same version are taken");
                self.make_rust(second)?.0
            }
            made => made,
        }
    }

    /// Makes the compiler's folder; says, too, whether all was fetched that it needs.
    fn make_rust(&self, groups: &[&str]) -> Result<(Result<Compiler, Failure>, bool), Failure> {
        let pins = self.compiler(groups);
        let archives = pins.iter().map(|pin| self.archive(pin)).collect::<Result<_, _>>()?;
        let stage = ampoule_rust::MakeRust {
            archives,
            output: "rust".into(),
        };
        let is_fetched = Cell::new(true);
        let fetch = || self.fetch(&pins).inspect_err(|_| is_fetched.set(false));
        let made = self.perform_after(fetch, &stage);
        let named = pins.iter().find(|pin| pin.name.ends_with(RUSTC));
        let version = named.map_or_else(Default::default, |pin| (pin.name.clone(), pin.version.clone()));
        let compiler = made.map(|done| Compiler {
            folder: done.path("rust").to_path_buf(),
            version,
        });
        Ok((compiler, is_fetched.get()))
    }

    /// The pins of these groups that are for this machine, and clang.
    fn compiler(&self, groups: &[&str]) -> Vec<&Pin> {
        let platform = &self.options.fetching.platform;
        let pins = self.pins.all().iter();
        let is_part = |pin: &&Pin| groups.contains(&pin.group.as_str()) || pin.name == "clang";
        pins.filter(|pin| is_part(pin) && pin.file(platform).is_ok()).collect()
    }

    /// Whether these groups have more than what all have, for this machine.
    fn has_compiler(&self, groups: &[&str]) -> bool {
        self.compiler(groups).iter().any(|pin| pin.group == groups[0])
    }
}

/// The crates that a recipe lists, for a crate without a lock.
fn pins_of(listed: &[LockedCrate], manifest: PathBuf) -> Result<Vec<Pin>, Failure> {
    let pins = listed
        .iter()
        .map(|found| crate_pin(&found.name, &found.version, found.digest));
    match listed.is_empty() {
        true => Err(Failure::NoCrateLock { manifest }),
        false => Ok(pins.collect()),
    }
}

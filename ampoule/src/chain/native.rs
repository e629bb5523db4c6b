//! Packages with native code, built from their source distributions by recipes.

use super::Chain;
use super::dependencies::tried;
use super::toolchain::{Libcxx, Toolchain};
use crate::error::Failure;
use crate::project::{Project, World};
use crate::recipes::{self, KnownRecipe};
use crate::settings::HashSeed;
use ampoule_action::{Digest, write_atomically};
use ampoule_archive::Archive;
use ampoule_cache::Outcome;
use ampoule_fetch::Pin;
use ampoule_recipe::{Description, Recipe};
use ampoule_settings::{AppSettings, CompileSettings, LinkSettings, PythonSettings, SnapshotSettings, WorldSettings};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The name by which the stage `prepare` knows the source distribution.
const SDIST: &str = "sdist";

/// A package that is built.
pub(super) struct Buildable {
    /// How.
    pub(super) recipe: &'static KnownRecipe,
    /// Its source distribution.
    pub(super) sdist: Pin,
    /// Where that is, if it is not fetched.
    pub(super) local: Option<PathBuf>,
}

impl Buildable {
    /// The other sources of its recipe.
    fn others(&self) -> Result<Vec<Pin>, Failure> {
        let Recipe { sources, package, .. } = &self.recipe.recipe;
        sources.iter().map(|source| recipes::pin(source, package)).collect()
    }

    /// All that it is built from.
    pub(super) fn pins(self) -> Result<Vec<Pin>, Failure> {
        let others = self.others()?;
        Ok([vec![self.sdist], others].concat())
    }
}

/// A wheel by its name, and where it is.
pub(super) type Wheel = (String, PathBuf);

impl Chain<'_> {
    /// Builds the wheel of a version that a recipe was tried with, whose digest it has.
    pub fn wheel(&self, package: &str, version: &str) -> Result<Wheel, Failure> {
        let package = tried(package, version).ok_or_else(|| Failure::NoRecipe {
            package: package.to_string(),
            version: Some(version.to_string()),
        })?;
        let built = self.repairing(|| self.native_wheels(std::slice::from_ref(&package)))?;
        Ok(built.into_iter().next().expect("one package is one wheel"))
    }

    /// Builds the wheels of packages, or finds them in the cache.
    pub(super) fn native_wheels(&self, packages: &[Buildable]) -> Result<Vec<Wheel>, Failure> {
        if packages.is_empty() {
            return Ok(Vec::new());
        }
        let toolchain = self.toolchain(&PythonSettings::default())?;
        packages
            .iter()
            .map(|package| self.native_wheel(&toolchain, package))
            .collect()
    }

    /// Builds the wheel of a package, or finds it in the cache.
    fn native_wheel(&self, toolchain: &Toolchain, package: &Buildable) -> Result<Wheel, Failure> {
        let recipe = self.placed(&package.recipe.recipe.package, package.recipe.text)?;
        let parsed = &package.recipe.recipe;
        let in_cxx = parsed.modules.iter().filter(|module| parsed.has_cxx(module));
        let build = NativeBuild {
            chain: self,
            toolchain,
            sources: self.prepared(toolchain, package, &recipe)?,
            libcxx: self.libcxx_for(&toolchain.sdk, in_cxx)?,
            parsed,
        };
        let modules = build.modules()?;
        let done = self.perform(
            &[],
            &ampoule_pack::Pack {
                recipe,
                sources: build.sources.clone(),
                modules,
                built_with: self.built_with(),
                output: "wheel".into(),
            },
        )?;
        Ok((
            recipes::wheel_name(&package.recipe.recipe.package, &package.sdist.version),
            done.path("wheel").to_path_buf(),
        ))
    }

    /// A text as a file, for stages read files.
    fn placed(&self, name: &str, text: &str) -> Result<PathBuf, Failure> {
        let digest = Digest::of_bytes(text.as_bytes());
        let path = self.cache.files().join(format!("{name}-{}.toml", digest.hexadecimal()));
        if Digest::of_file(&path).ok() != Some(digest) {
            write_atomically(&path, text.as_bytes())?;
        }
        Ok(path)
    }

    fn prepared(&self, toolchain: &Toolchain, package: &Buildable, recipe: &Path) -> Result<PathBuf, Failure> {
        let parsed = &package.recipe.recipe;
        let others = package.others()?;
        let mut archives = vec![self.sdist(package)?];
        for pin in &others {
            archives.push(self.archive(pin)?);
        }
        let fetched = std::iter::once(&package.sdist).filter(|_| package.local.is_none());
        let pins: Vec<&Pin> = fetched.chain(&others).collect();
        let generator = match parsed.generate.is_empty() {
            true => None,
            false => Some(self.generator(toolchain)?),
        };
        let note = recipes::note(parsed, &package.sdist.version);
        let prepare = || {
            self.console.line(&note);
            self.fetch(&pins)
        };
        let done = self.perform_after(
            prepare,
            &ampoule_prepare::Prepare {
                recipe: recipe.to_path_buf(),
                archives,
                generator,
                output: "sources".into(),
            },
        )?;
        Ok(done.path("sources").to_path_buf())
    }

    /// The source distribution of a package; one that is on this machine must be that of the lock.
    fn sdist(&self, package: &Buildable) -> Result<Archive, Failure> {
        let archive = Archive {
            name: SDIST.to_string(),
            ..self.archive(&package.sdist)?
        };
        let Some(file) = package.local.clone() else {
            return Ok(archive);
        };
        let (found, expected) = (Digest::of_file(&file)?, package.sdist.files[0].digest);
        if found != expected {
            return Err(Failure::OtherSource { file, found, expected });
        }
        Ok(Archive { file, ..archive })
    }

    /// What the modules are compiled with.
    fn built_with(&self) -> Vec<(String, String)> {
        let parts = self.pins.group("sdk").into_iter();
        let parts = parts.map(|pin| (pin.name.clone(), pin.version.clone()));
        parts.collect()
    }

    /// The program that runs the steps by which sources are generated: an app of our own with Cython in it, as a snapshot, precompiled.
    fn generator(&self, toolchain: &Toolchain) -> Result<PathBuf, Failure> {
        let cython = self.unpacked(self.pins.pin("cython")?)?;
        let folder = tempfile::tempdir().map_err(ampoule_action::FileError::writing(&std::env::temp_dir()))?;
        for (path, content) in ampoule_prepare::GENERATOR {
            ampoule_action::write(&folder.path().join(path), content)?;
        }
        let project = Project {
            app: AppSettings {
                app: "generator".to_string(),
            },
            paths: vec![folder.path().join("app"), cython],
            world: World {
                chosen: WorldSettings {
                    wit: vec![folder.path().join("wit")],
                    ..WorldSettings::default()
                },
                ..World::default()
            },
            compile: CompileSettings {
                stdlib: vec!["full".to_string()],
                ..CompileSettings::default()
            },
            lock: None,
            wit_folder: folder.path().join("wit"),
            link: LinkSettings::default(),
            snapshot: SnapshotSettings::default(),
            python: PythonSettings::default(),
            hash_seed: HashSeed::default(),
            extensions: Vec::new(),
            output: PathBuf::new(),
            version: None,
            dependencies: Vec::new(),
        };
        let resolved = self.resolve(&project)?;
        let snapshot = self.snapshot_of(toolchain.clone(), &resolved)?;
        let module = snapshot.path("snapshot").to_path_buf();
        let name = ampoule_precompile::file_name(snapshot.outputs["snapshot"].digest);
        let done = self.perform(
            &[],
            &ampoule_precompile::Precompile {
                module,
                output: "precompiled".into(),
            },
        )?;
        Ok(done.path("precompiled").join(name))
    }
}

/// A package under construction.
struct NativeBuild<'b, 'c> {
    chain: &'b Chain<'c>,
    toolchain: &'b Toolchain,
    sources: PathBuf,
    /// The C++ libraries that it needs.
    libcxx: Libcxx,
    parsed: &'b Recipe,
}

impl NativeBuild<'_, '_> {
    /// The compiled modules by their names.
    fn modules(&self) -> Result<Vec<(String, String)>, Failure> {
        let libraries = self.libraries()?;
        let stage = |module: &Description| {
            let linked = self.parsed.libraries_of(module);
            let linked = linked.map(|library| (library.name.clone(), libraries[&library.name].clone()));
            Ok(ampoule_extension::Extension {
                libraries: linked.collect(),
                libcxx: self.libcxx.of(module, self.parsed.has_cxx(module)),
                ..self.stage(module)?
            })
        };
        let stages = self.parsed.modules.iter().map(stage);
        let done = self.chain.perform_all(&stages.collect::<Result<Vec<_>, Failure>>()?)?;
        let file = |(module, done): (&Description, Rc<Outcome>)| {
            (module.name.clone(), done.path("extension").display().to_string())
        };
        Ok(self.parsed.modules.iter().zip(done).map(file).collect())
    }

    /// The libraries that the modules share, by their names.
    fn libraries(&self) -> Result<BTreeMap<String, PathBuf>, Failure> {
        let stage = |library: &Description| {
            Ok(ampoule_extension::Extension {
                library: true,
                ..self.stage(library)?
            })
        };
        let stages = self.parsed.libraries.iter().map(stage);
        let done = self.chain.perform_all(&stages.collect::<Result<Vec<_>, Failure>>()?)?;
        let file =
            |(library, done): (&Description, Rc<Outcome>)| (library.name.clone(), done.path("extension").to_path_buf());
        Ok(self.parsed.libraries.iter().zip(done).map(file).collect())
    }

    /// The stage that compiles what is described: a file of its own, so that nothing else of the recipe is in the action's key.
    fn stage(&self, description: &Description) -> Result<ampoule_extension::Extension, Failure> {
        Ok(ampoule_extension::Extension {
            sdk: self.toolchain.sdk.clone(),
            cpython: self.toolchain.cpython.clone(),
            libcxx: None,
            description: self.chain.placed(&description.name, &description.text())?,
            library: false,
            libraries: Vec::new(),
            source: self.sources.clone(),
            output: "extension.so".into(),
        })
    }
}

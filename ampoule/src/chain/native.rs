//! Packages with native code, built from their source distributions by recipes.

use super::Chain;
use super::dependencies::{Dependencies, in_index, source_pin, tried};
use super::rust::Library;
use super::toolchain::{Libcxx, Toolchain};
use crate::draft::{self, Origin, Tree};
use crate::error::Failure;
use crate::project::{Project, World};
use crate::recipes::{self, KnownRecipe, Recipes};
use crate::settings::{Budget, HashSeed};
use ampoule_action::{Digest, FileError, write_atomically};
use ampoule_archive::{Archive, Format};
use ampoule_cache::Outcome;
use ampoule_extension::CRATE;
use ampoule_fetch::Pin;
use ampoule_recipe::{Description, Kind, LockedCrate, Recipe, SourceDistribution};
use ampoule_sdk::{Sdk, Target};
use ampoule_settings::{AppSettings, CompileSettings, LinkSettings, PythonSettings, SnapshotSettings, WorldSettings};
use ampoule_wheels::{LIMIT, normalised};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// The name by which the stage `prepare` knows the source distribution.
const SDIST: &str = "sdist";

/// How many files an error names.
const NAMED: usize = 8;

/// A package that is built.
pub struct Buildable {
    /// How.
    pub(super) recipe: Arc<KnownRecipe>,
    /// Its sources.
    pub(super) origin: Sources,
    /// The recipes among which those of the packages are that it needs.
    pub(super) recipes: Recipes,
    /// The packages that need it, the first of which is the one to build.
    pub(super) needed_by: Vec<String>,
}

/// The sources of a package.
#[derive(Clone, Debug)]
pub enum Sources {
    /// A source distribution, and where it is, if it is not fetched.
    Distribution(Box<Pin>, Option<PathBuf>),
    /// A folder.
    Folder(PathBuf),
}

impl Sources {
    /// The pin of a source distribution.
    pub(super) fn sdist(&self) -> Option<&Pin> {
        match self {
            Sources::Distribution(pin, _) => Some(pin),
            Sources::Folder(_) => None,
        }
    }
}

impl Buildable {
    /// The package's name.
    pub(super) fn name(&self) -> &str {
        &self.recipe.recipe.package
    }

    /// Its version.
    fn version(&self) -> &str {
        self.origin
            .sdist()
            .map_or_else(|| self.recipe.recipe.own_version(), |sdist| &sdist.version)
    }

    /// What its recipe says of the source distribution, if it was tried with that.
    fn tried(&self) -> Option<&SourceDistribution> {
        self.recipe.recipe.sdists.get(&self.origin.sdist()?.version)
    }

    /// The other sources of its recipe.
    fn others(&self) -> Result<Vec<Pin>, Failure> {
        let Recipe { sources, package, .. } = &self.recipe.recipe;
        sources.iter().map(|source| recipes::pin(source, package)).collect()
    }

    /// The packages whose headers it needs.
    fn needs(&self) -> Result<Vec<Buildable>, Failure> {
        let own = &self.recipe.recipe;
        let chain: Vec<String> = self.needed_by.iter().chain([&own.package]).cloned().collect();
        let needed = own.needs.iter().map(|need| {
            if chain.contains(&need.package) {
                return Err(Failure::NeedsItself {
                    package: need.package.clone(),
                    chain: [chain.clone(), vec![need.package.clone()]].concat(),
                });
            }
            Ok(Buildable {
                needed_by: chain.clone(),
                ..known(&self.recipes, &need.package, &need.version)?
            })
        });
        needed.collect()
    }

    /// What `prepare` unpacks: the source distribution, then the other sources in their order.
    pub fn archives(&self) -> Result<Vec<Pin>, Failure> {
        let sdist = self.origin.sdist().into_iter().cloned();
        Ok(sdist.chain(self.others()?).collect())
    }

    /// The crates of its modules in Rust, as its recipe lists them.
    pub fn crates(&self) -> Vec<Pin> {
        let crates = self.tried().into_iter().flat_map(|sdist| &sdist.crates);
        crates
            .map(|found| ampoule_fetch::crate_pin(&found.name, &found.version, found.digest))
            .collect()
    }

    /// All that it is built from, with what the packages are that it needs.
    pub fn pins(self) -> Result<Vec<Pin>, Failure> {
        let needed = self.needs()?.into_iter().map(Buildable::pins);
        let needed = needed.collect::<Result<Vec<_>, _>>()?;
        Ok([self.archives()?, needed.concat()].concat())
    }
}

/// Checks that a recipe lists the crates of its source distribution, for what fetches them by the recipe: Nix and Bazel.
fn check_crates(package: &Buildable, libraries: &BTreeMap<String, Library>) -> Result<(), Failure> {
    let Some(sdist) = package.tried() else {
        return Ok(());
    };
    let pins = libraries.values().flat_map(|library| &library.crates);
    let found = pins.map(|pin| (pin.files[0].file.clone(), locked(pin)));
    let found: Vec<LockedCrate> = found.collect::<BTreeMap<_, _>>().into_values().collect();
    match found == sdist.crates {
        true => Ok(()),
        false => Err(Failure::OtherCrates {
            package: package.name().to_string(),
            version: package.version().to_string(),
            crates: found,
        }),
    }
}

/// A crate as a recipe has it.
fn locked(pin: &Pin) -> LockedCrate {
    LockedCrate {
        name: pin.name.clone(),
        version: pin.version.clone(),
        digest: pin.files[0].digest,
    }
}

/// How a version is built that a recipe was tried with.
fn known(recipes: &Recipes, package: &str, version: &str) -> Result<Buildable, Failure> {
    tried(recipes, package, version).ok_or_else(|| Failure::NoRecipe {
        package: package.to_string(),
        version: Some(version.to_string()),
    })
}

/// A wheel by its name, and where it is.
pub(super) type Wheel = (String, PathBuf);

impl Chain<'_> {
    /// Builds the wheel of a version that a recipe was tried with, whose digest it has.
    pub fn wheel(&self, recipes: &Recipes, package: &str, version: &str) -> Result<Wheel, Failure> {
        let package = known(recipes, package, version)?;
        let built = self.repairing(|| self.native_wheels(std::slice::from_ref(&package)))?;
        Ok(built.into_iter().next().expect("one package is one wheel"))
    }

    /// Drafts a recipe for a version of a package, from its source distribution in the index.
    pub fn draft(&self, package: &str, version: &str) -> Result<String, Failure> {
        if self.options.fetching.offline {
            return Err(Failure::DraftOffline {
                package: package.to_string(),
                version: version.to_string(),
            });
        }
        let (file, digest) = listed_source(package, version)?;
        let sdist = source_pin(
            package,
            version,
            &file,
            digest,
            None,
            vec![in_index(package, version, &file)],
        );
        let sources = self.unpacked(&sdist)?;
        let archive = self.place(&sdist)?;
        let size = std::fs::metadata(&archive).map_err(FileError::reading(&archive))?.len();
        let origin = Origin {
            package: package.to_string(),
            version: version.to_string(),
            file,
            digest,
            size,
        };
        draft::draft(&origin, &Tree::read(&sources, package)?, &self.system_headers()?)
    }

    /// The folders of headers that each module has.
    fn system_headers(&self) -> Result<Vec<PathBuf>, Failure> {
        let toolchain = self.repairing(|| self.whole_toolchain())?;
        let sdk = Sdk::open(&toolchain.sdk)?;
        Ok(vec![
            sdk.include_folder(Target::Wasip2),
            sdk.resource_folder().join("include"),
            sdk.cxx_headers(),
            toolchain.cpython.join(ampoule_image::HEADERS),
        ])
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
        let recipe = self.placed(&package.recipe.recipe.package, &package.recipe.text)?;
        let parsed = &package.recipe.recipe;
        let in_cxx = parsed.modules.iter().filter(|module| parsed.has_cxx(module));
        let in_cxx = in_cxx.chain(parsed.libraries.iter().filter(|library| library.has_cxx()));
        let prepared = self.prepared(toolchain, package, &recipe)?;
        let build = NativeBuild {
            chain: self,
            toolchain,
            sources: prepared.path("sources").to_path_buf(),
            descriptions: prepared.path("descriptions").to_path_buf(),
            libcxx: self.libcxx_for(&toolchain.sdk, in_cxx)?,
            parsed,
        };
        let crates = build.crates(package)?;
        check_crates(package, &crates)?;
        let modules = build.modules(&crates)?;
        let done = self.perform(
            &[],
            &ampoule_pack::Pack {
                recipe,
                sources: build.sources.clone(),
                modules,
                built_with: self.built_with(&crates),
                output: "wheel".into(),
            },
        )?;
        Ok((
            recipes::wheel_name(package.name(), package.version()),
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

    fn prepared(&self, toolchain: &Toolchain, package: &Buildable, recipe: &Path) -> Result<Rc<Outcome>, Failure> {
        let parsed = &package.recipe.recipe;
        let others = package.others()?;
        let (mut archives, mut source, mut fetched) = (Vec::new(), None, Vec::new());
        match &package.origin {
            Sources::Distribution(sdist, local) => {
                archives.push(self.sdist(sdist, local.as_deref())?);
                fetched.extend(Some(sdist.as_ref()).filter(|_| local.is_none()));
            }
            Sources::Folder(folder) => source = Some(folder.clone()),
        }
        for pin in &others {
            archives.push(self.archive(pin)?);
        }
        let pins: Vec<&Pin> = fetched.into_iter().chain(&others).collect();
        let generator = match parsed.generate.is_empty() {
            true => None,
            false => Some(self.generator(toolchain)?),
        };
        let needed = package.needs()?.into_iter().map(|needed| {
            let name = needed.recipe.recipe.package.clone();
            Ok((name, self.headers(toolchain, &needed)?))
        });
        let needed = needed.collect::<Result<_, Failure>>()?;
        let note = recipes::note(parsed, package.version());
        let is_noted = package.needed_by.is_empty() && source.is_none();
        let prepare = || {
            if is_noted {
                self.console.line(&note);
            }
            self.fetch(&pins)
        };
        self.perform_after(
            prepare,
            &ampoule_prepare::Prepare {
                recipe: recipe.to_path_buf(),
                archives,
                source,
                generator,
                needed,
                output: "sources".into(),
                descriptions: "descriptions".into(),
                headers: "headers".into(),
            },
        )
    }

    /// The headers that a package gives to others.
    fn headers(&self, toolchain: &Toolchain, package: &Buildable) -> Result<PathBuf, Failure> {
        let recipe = self.placed(&package.recipe.recipe.package, &package.recipe.text)?;
        let prepared = self.prepared(toolchain, package, &recipe)?;
        Ok(prepared.path("headers").to_path_buf())
    }

    /// A source distribution as an archive; one that is on this machine must be that of the lock.
    fn sdist(&self, sdist: &Pin, local: Option<&Path>) -> Result<Archive, Failure> {
        let archive = Archive {
            name: SDIST.to_string(),
            ..self.archive(sdist)?
        };
        let Some(file) = local.map(Path::to_path_buf) else {
            return Ok(archive);
        };
        let (found, expected) = (Digest::of_file(&file)?, sdist.files[0].digest);
        if found != expected {
            return Err(Failure::OtherSource { file, found, expected });
        }
        Ok(Archive { file, ..archive })
    }

    /// A package that is made of a folder of the project's by a recipe: the folder from which it is imported, and what was fetched.
    pub(super) fn local_package(
        &self,
        recipe: &Path,
        source: &Path,
        recipes: &Recipes,
    ) -> Result<Dependencies, Failure> {
        let package = Buildable {
            recipe: Arc::new(KnownRecipe::read(recipe)?),
            origin: Sources::Folder(source.to_path_buf()),
            recipes: recipes.clone(),
            needed_by: Vec::new(),
        };
        let toolchain = self.toolchain(&PythonSettings::default())?;
        let (_, wheel) = self.native_wheel(&toolchain, &package)?;
        let unpacked = self.perform(
            &[],
            &ampoule_archive::Unpack {
                archive: wheel,
                format: Format::Zip,
                strip: 0,
                bytes: LIMIT.bytes,
                entries: LIMIT.entries,
                output: "unpacked".into(),
            },
        )?;
        Ok(Dependencies {
            folder: unpacked.path("folder").to_path_buf(),
            pins: package.pins()?,
        })
    }

    /// What the modules are compiled with.
    fn built_with(&self, crates: &BTreeMap<String, Library>) -> Vec<(String, String)> {
        let parts = self.pins.group("sdk").into_iter();
        let parts = parts.map(|pin| (pin.name.clone(), pin.version.clone()));
        let rust = crates.values().next().map(|library| library.compiler.clone());
        parts.chain(rust).collect()
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
            wit_folder: Some(folder.path().join("wit")),
            web: None,
            link: LinkSettings::default(),
            snapshot: SnapshotSettings::default(),
            python: PythonSettings::default(),
            hash_seed: HashSeed::default(),
            extensions: Vec::new(),
            recipes: Vec::new(),
            output: PathBuf::new(),
            report: PathBuf::new(),
            budget: Budget::default(),
            stubs: None,
            version: None,
            dependencies: Vec::new(),
        };
        let resolved = self.resolve(&project)?;
        let snapshot = self.snapshot_of(toolchain.clone(), &resolved)?;
        let module = snapshot.path("snapshot").to_path_buf();
        let done = self.perform(
            &[],
            &ampoule_precompile::Precompile {
                module,
                output: "precompiled".into(),
            },
        )?;
        Ok(done.path("precompiled").to_path_buf())
    }
}

/// The source distribution of a version that the index lists, with its digest.
fn listed_source(package: &str, version: &str) -> Result<(String, Digest), Failure> {
    let prefix = |file: &str| {
        Some(
            file.strip_suffix(".tar.gz")
                .or_else(|| file.strip_suffix(".zip"))?
                .to_string(),
        )
    };
    let mut others = Vec::new();
    for (file, digest) in ampoule_fetch::listed(package)? {
        let Some(parts) = prefix(&file) else { continue };
        match (parts.rsplit_once('-'), digest) {
            (Some((name, found)), Some(digest)) if found == version && normalised(name) == package => {
                return Ok((file, digest));
            }
            _ => others.push(file),
        }
    }
    // An index lists the oldest first.
    let newest = others.split_off(others.len().saturating_sub(NAMED));
    Err(Failure::NoSourceDistribution {
        package: package.to_string(),
        version: version.to_string(),
        files: newest,
    })
}

/// A package under construction.
struct NativeBuild<'b, 'c> {
    chain: &'b Chain<'c>,
    toolchain: &'b Toolchain,
    sources: PathBuf,
    descriptions: PathBuf,
    /// The C++ libraries that it needs.
    libcxx: Libcxx,
    parsed: &'b Recipe,
}

impl NativeBuild<'_, '_> {
    /// The compiled modules by their names.
    fn modules(&self, crates: &BTreeMap<String, Library>) -> Result<Vec<(String, String)>, Failure> {
        let libraries = self.libraries()?;
        let stage = |module: &Description| {
            let linked = self.parsed.libraries_of(module);
            let linked = linked.map(|library| (library.name.clone(), libraries[&library.name].clone()));
            let library = crates
                .get(&module.name)
                .map(|library| (CRATE.to_string(), library.file.clone()));
            ampoule_extension::Extension {
                libraries: linked.chain(library).collect(),
                libcxx: self.libcxx.of(module, self.parsed.has_cxx(module)),
                ..self.stage(module)
            }
        };
        let stages = self.parsed.modules.iter().map(stage);
        let done = self.chain.perform_all(&stages.collect::<Vec<_>>())?;
        let file = |(module, done): (&Description, Rc<Outcome>)| {
            (module.name.clone(), done.path("extension").display().to_string())
        };
        Ok(self.parsed.modules.iter().zip(done).map(file).collect())
    }

    /// The libraries of the modules in Rust, by the modules' names.
    fn crates(&self, package: &Buildable) -> Result<BTreeMap<String, Library>, Failure> {
        let listed = package.tried().map_or(&[][..], |sdist| &sdist.crates);
        let in_rust = self.parsed.modules.iter().filter(|module| module.kind == Kind::Rust);
        let compiled = in_rust.map(|module| {
            let description = self.descriptions.join(module.text_file());
            let library = self
                .chain
                .crate_library(self.toolchain, module, &description, &self.sources, listed)?;
            Ok((module.name.clone(), library))
        });
        compiled.collect()
    }

    /// The libraries that the modules share, by their names.
    fn libraries(&self) -> Result<BTreeMap<String, PathBuf>, Failure> {
        let stage = |library: &Description| ampoule_extension::Extension {
            library: true,
            libcxx: self.libcxx.of(library, library.has_cxx()),
            ..self.stage(library)
        };
        let stages = self.parsed.libraries.iter().map(stage);
        let done = self.chain.perform_all(&stages.collect::<Vec<_>>())?;
        let file =
            |(library, done): (&Description, Rc<Outcome>)| (library.name.clone(), done.path("extension").to_path_buf());
        Ok(self.parsed.libraries.iter().zip(done).map(file).collect())
    }

    /// The stage that compiles what is described: by a file of its own, so that nothing else of the recipe is in the action's key.
    fn stage(&self, description: &Description) -> ampoule_extension::Extension {
        ampoule_extension::Extension {
            sdk: self.toolchain.sdk.clone(),
            cpython: self.toolchain.cpython.clone(),
            libcxx: None,
            description: self.descriptions.join(description.text_file()),
            library: false,
            libraries: Vec::new(),
            source: Some(self.sources.clone()).filter(|_| description.kind == Kind::C),
            output: "extension.so".into(),
        }
    }
}

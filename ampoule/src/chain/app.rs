//! The app's stages: from WIT and Python files to the component.

use super::toolchain::Toolchain;
use super::{Chain, Resolved, Wit};
use crate::error::Failure;
use crate::project::World;
use crate::settings::HashSeed;
use ampoule_action::Digest;
use ampoule_cache::Outcome;
use ampoule_compile::Sources;
use ampoule_extension::CRATE;
use ampoule_layout::{ModuleArgument, side_modules};
use ampoule_recipe::Kind;
use ampoule_settings::{Wasi, WorldSettings};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The name of the world's side module in messages and reports.
const WORLD: &str = "world";

impl Chain<'_> {
    /// Builds the component of a project, or finds it in the cache; gives its path there.
    pub(super) fn component(&self, resolved: &Resolved) -> Result<PathBuf, Failure> {
        let toolchain = self.toolchain(&resolved.project.python)?;
        let snapshot = self.snapshot_of(toolchain, resolved)?;
        let component = self.perform(
            &[],
            &ampoule_component::Component {
                module: snapshot.path("snapshot").to_path_buf(),
                python_version: self.python_version()?,
                output: "component.wasm".into(),
            },
        )?;
        Ok(component.path("component").to_path_buf())
    }

    /// The core module of a project with its app imported.
    pub(super) fn snapshot_of(&self, toolchain: Toolchain, resolved: &Resolved) -> Result<Rc<Outcome>, Failure> {
        let project = resolved.project;
        let extensions = self.extensions(&toolchain, resolved)?;
        let bindings = self.bindings(&project.world, &resolved.wit, false)?;
        let compiled = self.compile(&toolchain, resolved, &bindings, extensions.clone())?;
        let hash_seed = hash_seed(project.hash_seed, &compiled.outputs["image"].digest);
        let toolchain = self.reseeded(toolchain, &project.python, hash_seed)?;
        let world = ModuleArgument {
            name: WORLD.to_string(),
            file: bindings.join("world.so"),
            image_path: None,
        };
        let linked = self.link(&toolchain, resolved, &world, &compiled, false)?;
        let precompiled = self.precompiled(&toolchain, &extensions, &compiled)?;
        self.snapshot(&toolchain, resolved, &compiled, precompiled, &world, &linked)
    }

    /// The folder of a world's bindings: `python/` and `world.so`, or the stubs for editors.
    pub fn bindings(&self, world: &World, wit: &Wit, stubs: bool) -> Result<PathBuf, Failure> {
        let done = self.perform(
            &[],
            &ampoule_bindgen::Bindgen {
                world: WorldSettings {
                    wit: wit.files.clone(),
                    ..world.chosen.clone()
                },
                module: world.module.clone(),
                related: world.related.clone(),
                package: wit.packages.clone(),
                stubs,
                output: "bindings".into(),
            },
        )?;
        Ok(done.path("bindings").to_path_buf())
    }

    /// The compiled extension modules by their names.
    fn extensions(&self, toolchain: &Toolchain, resolved: &Resolved) -> Result<Vec<(String, PathBuf)>, Failure> {
        let described = resolved.extensions.iter().map(|extension| &extension.described);
        let libcxx = self.libcxx_for(&toolchain.sdk, described.filter(|described| described.has_cxx()))?;
        let mut modules = Vec::new();
        for extension in &resolved.extensions {
            let (described, description) = (&extension.described, &extension.description);
            let source = &extension.source;
            let (source, library) = match described.kind {
                Kind::C => (Some(source.clone()), None),
                Kind::Rust => {
                    let library = self.crate_library(toolchain, described, description, source, &[])?;
                    (None, Some(library.file))
                }
            };
            let libraries = library.into_iter().map(|file| (CRATE.to_string(), file));
            let done = self.perform(
                &[],
                &ampoule_extension::Extension {
                    sdk: toolchain.sdk.clone(),
                    cpython: toolchain.cpython.clone(),
                    libcxx: libcxx.of(&extension.described, extension.described.has_cxx()),
                    description: extension.description.clone(),
                    library: false,
                    libraries: libraries.collect(),
                    source,
                    output: "extension.so".into(),
                },
            )?;
            modules.push((extension.described.name.clone(), done.path("extension").to_path_buf()));
        }
        Ok(modules)
    }

    fn compile(
        &self,
        toolchain: &Toolchain,
        resolved: &Resolved,
        bindings: &Path,
        extensions: Vec<(String, PathBuf)>,
    ) -> Result<Rc<Outcome>, Failure> {
        let project = resolved.project;
        let interpreter = &toolchain.interpreter;
        let bytecode = self.bytecode(toolchain, resolved)?;
        let of_extensions = resolved.extensions.iter().flat_map(|extension| &extension.paths);
        self.perform(
            &[],
            &ampoule_compile::Compile {
                interpreter: interpreter.path("precompiled").to_path_buf(),
                stdlib_folder: interpreter.path("stdlib").to_path_buf(),
                stdlib_imports: interpreter.path("imports").to_path_buf(),
                bindings: bindings.join("python"),
                package_bindings: Some(bindings.join("packages")).filter(|folder| folder.is_dir()),
                module: project.world.module.clone(),
                paths: resolved.paths.iter().chain(of_extensions).cloned().collect(),
                files: None,
                without: project.written(),
                bytecode: bytecode.into_iter().collect(),
                extensions,
                settings: project.compile.clone(),
                app: project.app.clone(),
                output: "image".into(),
                reachable_extensions: "extensions".into(),
            },
        )
    }

    /// The bytecode of the dependencies, which change less often than the app.
    fn bytecode(&self, toolchain: &Toolchain, resolved: &Resolved) -> Result<Option<PathBuf>, Failure> {
        let settings = &resolved.project.compile;
        let Some(folder) = &resolved.dependencies else {
            return Ok(None);
        };
        let Some(place) = Sources::place_of(folder, &resolved.paths, settings)? else {
            return Ok(None);
        };
        let done = self.perform(
            &[],
            &ampoule_compile::CompileFolder {
                interpreter: toolchain.interpreter.path("precompiled").to_path_buf(),
                stdlib_folder: toolchain.interpreter.path("stdlib").to_path_buf(),
                folder: folder.clone(),
                place,
                exclude: settings.exclude.clone(),
                output: "bytecode".into(),
            },
        )?;
        Ok(Some(done.path("bytecode").to_path_buf()))
    }

    fn link(
        &self,
        toolchain: &Toolchain,
        resolved: &Resolved,
        world: &ModuleArgument,
        compiled: &Outcome,
        keep_build: bool,
    ) -> Result<Rc<Outcome>, Failure> {
        self.perform(
            &[],
            &ampoule_link::Link {
                base: toolchain.interpreter.path("initialised").to_path_buf(),
                modules: vec![world.clone()],
                extensions: Some(compiled.path("extensions").to_path_buf()),
                settings: resolved.project.link.clone(),
                keep_build,
                output: "linked.wasm".into(),
                layout: "layout.json".into(),
                report: "report.json".into(),
            },
        )
    }

    /// The folders of precompiled extension modules: the standard library's come with the interpreter, any other has an action of its
    /// own, so that nothing but a change of its own compiles it again.
    fn precompiled(
        &self,
        toolchain: &Toolchain,
        extensions: &[(String, PathBuf)],
        compiled: &Outcome,
    ) -> Result<Vec<PathBuf>, Failure> {
        let reachable = side_modules(&[], Some(compiled.path("extensions"))).map_err(ampoule_action::Error::Stage);
        let reachable = reachable.map_err(ampoule_cache::Error::from)?;
        let own = extensions.iter().map(|(_, file)| file.clone());
        let mut folders = vec![toolchain.interpreter.path("precompiled-extensions").to_path_buf()];
        for module in own.chain(reachable.into_iter().map(|module| module.file)) {
            let name = ampoule_precompile::file_name(Digest::of_file(&module)?);
            if !folders.iter().any(|folder| folder.join(&name).exists()) {
                let output = "precompiled".into();
                let done = self.perform(&[], &ampoule_precompile::Precompile { module, output })?;
                folders.push(done.path("precompiled").to_path_buf());
            }
        }
        Ok(folders)
    }

    fn snapshot(
        &self,
        toolchain: &Toolchain,
        resolved: &Resolved,
        compiled: &Outcome,
        precompiled_modules: Vec<PathBuf>,
        world: &ModuleArgument,
        linked: &Outcome,
    ) -> Result<Rc<Outcome>, Failure> {
        let project = resolved.project;
        // Virtual functions do not answer as the build's host does.
        let fused = match self.options.verify_fused && project.link.wasi == Wasi::Host {
            true => Some(self.link(toolchain, resolved, world, compiled, true)?),
            false => None,
        };
        self.perform(
            &[],
            &ampoule_snapshot::Snapshot {
                linked: linked.path("linked").to_path_buf(),
                layout: linked.path("layout").to_path_buf(),
                precompiled: toolchain.interpreter.path("precompiled").to_path_buf(),
                modules: vec![world.clone()],
                extensions: Some(compiled.path("extensions").to_path_buf()),
                precompiled_modules,
                stdlib_folder: toolchain.interpreter.path("stdlib").to_path_buf(),
                image: compiled.path("image").to_path_buf(),
                app: project.app.clone(),
                settings: project.snapshot.clone(),
                fused: fused.map(|linked| linked.path("linked").to_path_buf()),
                output: "snapshot.wasm".into(),
            },
        )
    }
}

/// The seed as a number, for an app with the digest of its files. That of `from-inputs` is never 0.
fn hash_seed(seed: HashSeed, files: &Digest) -> u32 {
    let [first, second, third, fourth, ..] = *files.bytes();
    match seed {
        HashSeed::Number(number) => number,
        HashSeed::FromInputs => u32::from_le_bytes([first, second, third, fourth]).max(1),
    }
}

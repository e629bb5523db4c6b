//! The app's stages: from WIT and Python files to the component.

use super::toolchain::Toolchain;
use super::{Chain, Done};
use crate::error::{Failure, boxed};
use crate::project::{Extension, Project, Source, World};
use ampoule_extension::Description;
use ampoule_layout::ModuleArgument;
use ampoule_link::Wasi;
use std::path::{Path, PathBuf};

/// The name of the world's side module in messages and reports.
const WORLD: &str = "world";

/// Compiled extension modules by name, and what they add to the Python path.
#[derive(Default)]
struct Extensions {
    modules: Vec<(String, PathBuf)>,
    paths: Vec<PathBuf>,
}

impl Chain<'_> {
    /// Builds the component of a project, or finds it in the cache; gives its path there.
    pub fn component(&self, project: &Project) -> Result<PathBuf, Failure> {
        // First, so that a lock that cannot be used is said before minutes of building the toolchain.
        let project = &self.with_dependencies(project)?;
        let toolchain = self.toolchain(&project.command_line)?;
        let extensions = self.extensions(&toolchain, project)?;
        let world = project
            .world
            .clone()
            .with_packages(&project.paths, &project.wit_folder)?;
        let bindings = self.bindings(&world, false)?;
        let compiled = self.compile(&toolchain, project, &bindings, &extensions)?;
        let hash_seed = project.hash_seed.number(&compiled.digest("image"));
        let toolchain = self.reseeded(toolchain, &project.command_line, hash_seed)?;
        let world = ModuleArgument {
            name: WORLD.to_string(),
            file: bindings.join("world.so"),
            image_path: None,
        };
        let linked = self.link(&toolchain, project, &world, &compiled)?;
        let snapshot = self.snapshot(&toolchain, project, &compiled, &world, &linked)?;
        let python_version = self.python_version()?;
        let component = self.perform(
            &[],
            &ampoule_component::Component {
                module: snapshot,
                python_version,
                output: "component.wasm".into(),
            },
        )?;
        Ok(component.path("component"))
    }

    /// The folder of a world's bindings: `python/` and `world.so`, or the stubs for editors.
    pub fn bindings(&self, world: &World, stubs: bool) -> Result<PathBuf, Failure> {
        let done = self.perform(
            &[],
            &ampoule_bindgen::Bindgen {
                wit: world.wit.clone(),
                world: world.worlds.clone(),
                features: world.features.clone(),
                all_features: world.all_features,
                import_interface_name: world.import_interface_names.clone().into_iter().collect(),
                export_interface_name: world.export_interface_names.clone().into_iter().collect(),
                world_module: world.module().to_string(),
                full_names: world.full_names,
                package: world.packages.clone(),
                module_world: world.module_worlds.clone(),
                intersect_world: world.intersect_world.clone(),
                stubs,
                output: "bindings".into(),
            },
        )?;
        Ok(done.path("bindings"))
    }

    fn extensions(&self, toolchain: &Toolchain, project: &Project) -> Result<Extensions, Failure> {
        let mut extensions = Extensions::default();
        for extension in &project.extensions {
            let name = Description::read(&extension.description).map_err(boxed)?.name;
            let source = self.extension_source(extension, &mut extensions.paths)?;
            let done = self.perform(
                &[],
                &ampoule_extension::Extension {
                    sdk: toolchain.sdk.clone(),
                    cpython: toolchain.cpython.clone(),
                    description: extension.description.clone(),
                    source,
                    output: "extension.so".into(),
                },
            )?;
            extensions.modules.push((name, done.path("extension")));
        }
        Ok(extensions)
    }

    /// The folder of an extension's sources; an archive is unpacked, and its Python folders are added to the paths.
    fn extension_source(&self, extension: &Extension, python: &mut Vec<PathBuf>) -> Result<PathBuf, Failure> {
        let (pin, paths) = match &extension.source {
            Source::Folder(folder) => return Ok(folder.clone()),
            Source::Archive { pin, paths } => (pin.as_ref(), paths),
        };
        let [archive] = self.pinned(&[pin])?;
        let limit = pin.limit();
        let unpacked = self.perform(
            &[pin],
            &ampoule_archive::Unpack {
                archive,
                format: pin.unpack.format,
                strip: pin.unpack.strip,
                bytes: limit.bytes,
                entries: limit.entries,
                output: "unpacked".into(),
            },
        )?;
        let folder = unpacked.path("folder");
        python.extend(paths.iter().map(|path| folder.join(path)));
        Ok(folder)
    }

    fn compile(
        &self,
        toolchain: &Toolchain,
        project: &Project,
        bindings: &Path,
        extensions: &Extensions,
    ) -> Result<Done<'_>, Failure> {
        let interpreter = &toolchain.interpreter;
        self.perform(
            &[],
            &ampoule_compile::Compile {
                interpreter: interpreter.path("precompiled"),
                stdlib: interpreter.path("stdlib"),
                stdlib_imports: interpreter.path("imports"),
                bindings: bindings.join("python"),
                package_bindings: Some(bindings.join("packages")).filter(|folder| folder.is_dir()),
                world_module: project.world.module().to_string(),
                paths: project.paths.iter().chain(&extensions.paths).cloned().collect(),
                files: None,
                without: vec![project.output.clone()],
                extensions: extensions.modules.clone(),
                stdlib_modules: project.stdlib.clone(),
                stdlib_sources: project.stdlib_sources,
                app: project.app.clone(),
                output: "image".into(),
                reachable_extensions: "extensions".into(),
            },
        )
    }

    fn link(
        &self,
        toolchain: &Toolchain,
        project: &Project,
        world: &ModuleArgument,
        compiled: &Done,
    ) -> Result<Done<'_>, Failure> {
        self.perform(
            &[],
            &ampoule_link::Link {
                base: toolchain.interpreter.path("initialised"),
                modules: vec![world.clone()],
                extensions: Some(compiled.path("extensions")),
                wasi: project.wasi,
                output: "linked.wasm".into(),
                layout: "layout.json".into(),
                report: "report.json".into(),
            },
        )
    }

    fn snapshot(
        &self,
        toolchain: &Toolchain,
        project: &Project,
        compiled: &Done,
        world: &ModuleArgument,
        linked: &Done,
    ) -> Result<PathBuf, Failure> {
        let done = self.perform(
            &[],
            &ampoule_snapshot::Snapshot {
                linked: linked.path("linked"),
                layout: linked.path("layout"),
                precompiled: toolchain.interpreter.path("precompiled"),
                modules: vec![world.clone()],
                extensions: Some(compiled.path("extensions")),
                precompiled_modules: Some(toolchain.interpreter.path("precompiled-extensions")),
                stdlib: toolchain.interpreter.path("stdlib"),
                image: compiled.path("image"),
                app: project.app.clone(),
                on_exception: project.on_exception,
                // Virtual functions do not answer as the build's host does.
                verify_fused: self.options.verify_fused && project.wasi == Wasi::Host,
                output: "snapshot.wasm".into(),
            },
        )?;
        Ok(done.path("snapshot"))
    }
}

//! The app's stages: from WIT and Python files to the component.

use super::toolchain::Toolchain;
use super::{Chain, Resolved, Wit};
use crate::error::Failure;
use crate::project::World;
use ampoule_cache::Outcome;
use ampoule_layout::ModuleArgument;
use ampoule_link::Wasi;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The name of the world's side module in messages and reports.
const WORLD: &str = "world";

impl Chain<'_> {
    /// Builds the component of a project, or finds it in the cache; gives its path there.
    pub(super) fn component(&self, resolved: &Resolved) -> Result<PathBuf, Failure> {
        let project = resolved.project;
        let toolchain = self.toolchain(&project.command_line)?;
        let extensions = self.extensions(&toolchain, resolved)?;
        let bindings = self.bindings(&project.world, &resolved.wit, false)?;
        let compiled = self.compile(&toolchain, resolved, &bindings, extensions)?;
        let hash_seed = project.hash_seed.number(&compiled.outputs["image"].digest);
        let toolchain = self.reseeded(toolchain, &project.command_line, hash_seed)?;
        let world = ModuleArgument {
            name: WORLD.to_string(),
            file: bindings.join("world.so"),
            image_path: None,
        };
        let linked = self.link(&toolchain, resolved, &world, &compiled)?;
        let snapshot = self.snapshot(&toolchain, resolved, &compiled, &world, &linked)?;
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

    /// The folder of a world's bindings: `python/` and `world.so`, or the stubs for editors.
    pub fn bindings(&self, world: &World, wit: &Wit, stubs: bool) -> Result<PathBuf, Failure> {
        let done = self.perform(
            &[],
            &ampoule_bindgen::Bindgen {
                wit: wit.files.clone(),
                world: world.worlds.clone(),
                features: world.features.clone(),
                all_features: world.all_features,
                import_interface_name: world.import_interface_names.clone().into_iter().collect(),
                export_interface_name: world.export_interface_names.clone().into_iter().collect(),
                world_module: world.module().to_string(),
                full_names: world.full_names,
                package: wit.packages.clone(),
                module_world: world.module_worlds.clone(),
                intersect_world: world.intersect_world.clone(),
                stubs,
                output: "bindings".into(),
            },
        )?;
        Ok(done.path("bindings").to_path_buf())
    }

    /// The compiled extension modules by their names.
    fn extensions(&self, toolchain: &Toolchain, resolved: &Resolved) -> Result<Vec<(String, PathBuf)>, Failure> {
        let mut modules = Vec::new();
        for extension in &resolved.extensions {
            let done = self.perform(
                &[],
                &ampoule_extension::Extension {
                    sdk: toolchain.sdk.clone(),
                    cpython: toolchain.cpython.clone(),
                    description: extension.description.clone(),
                    source: extension.source.clone(),
                    output: "extension.so".into(),
                },
            )?;
            modules.push((extension.module.clone(), done.path("extension").to_path_buf()));
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
        let of_extensions = resolved.extensions.iter().flat_map(|extension| &extension.paths);
        self.perform(
            &[],
            &ampoule_compile::Compile {
                interpreter: interpreter.path("precompiled").to_path_buf(),
                stdlib: interpreter.path("stdlib").to_path_buf(),
                stdlib_imports: interpreter.path("imports").to_path_buf(),
                bindings: bindings.join("python"),
                package_bindings: Some(bindings.join("packages")).filter(|folder| folder.is_dir()),
                world_module: project.world.module().to_string(),
                paths: resolved.paths.iter().chain(of_extensions).cloned().collect(),
                files: None,
                without: vec![project.output.clone()],
                extensions,
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
        resolved: &Resolved,
        world: &ModuleArgument,
        compiled: &Outcome,
    ) -> Result<Rc<Outcome>, Failure> {
        self.perform(
            &[],
            &ampoule_link::Link {
                base: toolchain.interpreter.path("initialised").to_path_buf(),
                modules: vec![world.clone()],
                extensions: Some(compiled.path("extensions").to_path_buf()),
                wasi: resolved.project.wasi,
                output: "linked.wasm".into(),
                layout: "layout.json".into(),
                report: "report.json".into(),
            },
        )
    }

    fn snapshot(
        &self,
        toolchain: &Toolchain,
        resolved: &Resolved,
        compiled: &Outcome,
        world: &ModuleArgument,
        linked: &Outcome,
    ) -> Result<Rc<Outcome>, Failure> {
        let project = resolved.project;
        self.perform(
            &[],
            &ampoule_snapshot::Snapshot {
                linked: linked.path("linked").to_path_buf(),
                layout: linked.path("layout").to_path_buf(),
                precompiled: toolchain.interpreter.path("precompiled").to_path_buf(),
                modules: vec![world.clone()],
                extensions: Some(compiled.path("extensions").to_path_buf()),
                precompiled_modules: Some(toolchain.interpreter.path("precompiled-extensions").to_path_buf()),
                stdlib: toolchain.interpreter.path("stdlib").to_path_buf(),
                image: compiled.path("image").to_path_buf(),
                app: project.app.clone(),
                on_exception: project.on_exception,
                // Virtual functions do not answer as the build's host does.
                verify_fused: self.options.verify_fused && project.wasi == Wasi::Host,
                output: "snapshot.wasm".into(),
            },
        )
    }
}

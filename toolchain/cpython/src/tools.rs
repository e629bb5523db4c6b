//! The SDK's programs, run in the work folder: compiling, archiving, linking.

use crate::Error;
use crate::unit::Unit;
use ampoule_sdk::{Sdk, Target, Tool, run};
use std::path::Path;

/// The target of everything that is compiled here.
const TARGET: Target = Target::Wasip2;

/// An SDK and the folder that its programs run in, so that objects hold relative paths only.
#[derive(Debug)]
pub struct Tools<'a> {
    sdk: &'a Sdk,
    work: &'a Path,
}

impl<'a> Tools<'a> {
    /// The programs of an SDK for a work folder.
    pub fn new(sdk: &'a Sdk, work: &'a Path) -> Tools<'a> {
        Tools { sdk, work }
    }

    /// Compiles one file.
    pub fn compile(&self, unit: &Unit) -> Result<(), Error> {
        let mut arguments = unit.flags.clone();
        arguments.extend(["-c", &unit.source, "-o", &unit.object].map(str::to_owned));
        self.run(&self.sdk.clang(), &arguments, &format!("compiling {}", unit.source))
    }

    /// Makes an archive of objects.
    pub fn archive(&self, objects: &[&str], archive: &str) -> Result<(), Error> {
        let mut sorted = objects.to_vec();
        sorted.sort_unstable();
        let mut arguments = vec!["rcsD".to_owned(), archive.to_owned()];
        arguments.extend(sorted.into_iter().map(str::to_owned));
        self.run(&self.sdk.ar(), &arguments, &format!("making the archive {archive}"))
    }

    /// Links objects into a side module: position-independent, what it lacks is imported.
    pub fn link_side_module(&self, objects: &[&str], output: &str) -> Result<(), Error> {
        let mut arguments = vec!["--strip-debug".to_owned()];
        arguments.extend(objects.iter().map(|object| (*object).to_owned()));
        arguments.extend(["-o", output].map(str::to_owned));
        self.run(&self.sdk.side_module_linker(), &arguments, &format!("linking {output}"))
    }

    /// Links a static module with the libraries of the C library. `start` is the object with the entry, of the SDK's own.
    pub fn link_static(
        &self,
        start: &str,
        inputs: &[String],
        link: &crate::manifest::Link,
        output: &str,
    ) -> Result<(), Error> {
        let folder = self.sdk.library_folder(TARGET);
        let mut arguments = vec![folder.join(start).display().to_string()];
        arguments.extend([
            "-z".to_owned(),
            format!("stack-size={}", link.stack_size),
            "--stack-first".to_owned(),
        ]);
        arguments.push("--strip-debug".to_owned());
        arguments.extend(inputs.iter().cloned());
        arguments.push(format!("-L{}", folder.display()));
        arguments.extend(link.libraries.iter().map(|library| format!("-l{library}")));
        arguments.push(self.sdk.builtins(TARGET).display().to_string());
        arguments.extend(["-o", output].map(str::to_owned));
        self.run(&self.sdk.wasm_ld(), &arguments, &format!("linking {output}"))
    }

    fn run(&self, tool: &Tool, arguments: &[String], what: &str) -> Result<(), Error> {
        let mut command = tool.command();
        Ok(run(command.args(arguments).current_dir(self.work), what)?)
    }
}

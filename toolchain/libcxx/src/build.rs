//! Compiling. The headers of both of the SDK's targets differ in sockets only, so one build serves both.

use crate::Error;
use crate::library::{Unit, libraries, units};
use ampoule_action::{Console, make_folder, parallel, write};
use ampoule_sdk::{EXCEPTIONS, Sdk, Target, run};
use std::path::Path;

const FLAGS: [&str; 12] = [
    "-O2",
    "-DNDEBUG",
    "-fPIC",
    "-fvisibility=hidden",
    "-fvisibility-inlines-hidden",
    "-fvisibility-global-new-delete=force-hidden",
    "-w",
    "-D_LIBCPP_BUILDING_LIBRARY",
    "-D_LIBCXXABI_BUILDING_LIBRARY",
    // libc++abi has the allocation operators and the exception classes, libc++ leaves them to it.
    "-DLIBCXX_BUILDING_LIBCXXABI",
    "-D_LIBUNWIND_HIDE_SYMBOLS",
    "-Ilibunwind/include",
];

const CXX_FLAGS: [&str; 6] = [
    "-std=c++23",
    "-nostdinc++",
    "-Ilibcxx/src",
    "-Ilibcxx/src/include",
    "-Ilibcxx/libc",
    "-Ilibcxxabi/src",
];

const WITHOUT_EXCEPTIONS: [&str; 2] = ["-fno-exceptions", "-D_LIBCXXABI_USE_LLVM_UNWINDER=0"];

/// What all sources are compiled with.
pub(crate) struct Build<'b> {
    pub(crate) sdk: &'b Sdk,
    /// The folder with `libcxx` and its like.
    pub(crate) sources: &'b Path,
    pub(crate) exceptions: bool,
    /// The folder of what is not in the package.
    pub(crate) scratch: &'b Path,
}

/// The source in libc++abi that is not in the package: it says what nothing has caught.
const UNCAUGHT: (&str, &str) = ("uncaught.cpp", include_str!("uncaught.cpp"));

/// What stands before a source that takes WASI for Linux.
const STUB: (&str, &str) = ("copy_file_range.h", include_str!("copy_file_range.h"));

impl Build<'_> {
    /// Compiles the libraries and writes their archives to a folder.
    pub(crate) fn run(&self, output: &Path, console: &Console) -> Result<(), Error> {
        for (name, text) in [STUB, UNCAUGHT] {
            write(&self.scratch.join(name), text)?;
        }
        let mut units = units(self.sources, &self.scratch.join("objects"), self.exceptions)?;
        if self.exceptions {
            units.push(self.uncaught());
        }
        parallel::map(
            None,
            &units,
            |unit| self.compile(unit),
            |done, total| console.step("compiling libc++", done, total),
        )?;
        make_folder(output)?;
        for library in libraries(self.exceptions) {
            let objects = units.iter().filter(|unit| unit.library == library.name);
            let mut command = self.sdk.ar().command();
            command.arg("rcsD").arg(output.join(library.name));
            command.args(objects.map(|unit| &unit.object));
            run(&mut command, &format!("making {}", library.name))?;
        }
        Ok(())
    }

    fn uncaught(&self) -> Unit {
        Unit {
            library: "libc++abi.a",
            source: self.scratch.join(UNCAUGHT.0),
            object: self.scratch.join("objects/uncaught.o"),
        }
    }

    /// Compiles one source. Its path is relative and those of headers are mapped, so that no path of this machine gets into it.
    fn compile(&self, unit: &Unit) -> Result<(), Error> {
        let is_cxx = unit.source.extension().is_some_and(|extension| extension == "cpp");
        let mut command = self.sdk.compiler(Target::Wasip2, is_cxx).command();
        command.current_dir(self.sources).args(FLAGS);
        command.args(if self.exceptions {
            &EXCEPTIONS[..]
        } else {
            &WITHOUT_EXCEPTIONS
        });
        for (folder, name) in [(self.sdk.root(), "/sdk"), (self.scratch, "/libcxx")] {
            command.arg(format!("-ffile-prefix-map={}={name}", folder.display()));
        }
        if is_cxx {
            command.args(CXX_FLAGS).arg("-isystem").arg(self.sdk.cxx_headers());
        }
        if unit.source.ends_with("filesystem/operations.cpp") {
            command.arg("-include").arg(self.scratch.join(STUB.0));
        }
        command.arg("-c").arg(&unit.source).arg("-o").arg(&unit.object);
        Ok(run(
            &mut command,
            &format!("compiling {} of libc++", unit.source.display()),
        )?)
    }
}

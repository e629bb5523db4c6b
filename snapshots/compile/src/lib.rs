//! The stage `compile`: an app's folders become the image that its component is built from. The stage `bytecode` does the longest
//! part of it for one folder (`folder`), so that an app's own files are all that is compiled when they change.
//!
//! 1. `sources` lists the files of the folders and their places in the image: `walk` finds them, `exclude` knows the user's patterns,
//!    `places` where the folders are. `listed` takes the files from a list instead, `path_files` follows `.pth` files.
//! 2. `bytecode` compiles the Python files with Ampoule's own interpreter (PEP 552, unchecked hash) and lists their imports.
//! 3. `reach` finds what of the stdlib, and which extension modules, these imports lead to: with what `hidden` knows of the
//!    stdlib, what `compiled` finds in extension modules, and what the user's `selection` adds. `stdlib` knows where it is.
//! 4. `image` writes all this.

mod bytecode;
mod compiled;
mod error;
mod exclude;
mod folder;
mod hidden;
mod image;
mod imports;
mod listed;
mod native;
mod path_files;
mod places;
mod problems;
mod reach;
mod selection;
mod sources;
mod stage;
mod stdlib;
mod walk;

pub use bytecode::{Bytecode, Compiler, ComputedImport, ToCompile, compile};
pub use error::{Error, Problem};
pub use folder::{CompileFolder, CompiledFolder};
pub use imports::{Imports, ModuleImports};
pub use path_files::joined;
pub use reach::{Reachable, reach};
pub use selection::Selection;
pub use sources::{SourceFile, Sources};
pub use stage::Compile;
pub use walk::{is_component, is_link_of_a_build_system};

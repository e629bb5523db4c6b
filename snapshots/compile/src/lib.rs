//! The stage `compile`: an app's folders become the image that its component is built from.
//!
//! 1. `sources` lists the files of the folders and their places in the image; `listed` takes them from a list instead, `path_files` follows `.pth` files.
//! 2. `bytecode` compiles the Python files with Ampoule's own interpreter (PEP 552, unchecked hash) and lists their imports.
//! 3. `reach` finds what of the stdlib, and which extension modules, these imports lead to: with what `hidden` knows of the
//!    stdlib, and what the user's `selection` adds. `stdlib` knows where it is.
//! 4. `image` writes all this.

mod bytecode;
mod error;
mod hidden;
mod image;
mod imports;
mod listed;
mod path_files;
mod problems;
mod reach;
mod selection;
mod sources;
mod stage;
mod stdlib;

pub use bytecode::{Bytecode, compile};
pub use error::{Error, Problem};
pub use imports::{Imports, ModuleImports};
pub use reach::{Reachable, reach};
pub use selection::Selection;
pub use sources::{SourceFile, Sources, is_component};
pub use stage::Compile;

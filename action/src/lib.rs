//! Build actions: digests, records, and what the command lines of all stages share.
//!
//! A [`Stage`] reads the files it names and writes the files it names, nothing else. [`run`] executes one, so that its outputs
//! appear whole or not at all, and gives its [`Record`].

mod command;
mod console;
mod copy;
mod digest;
mod error;
mod file;
mod folder;
pub mod parallel;
mod place;
mod record;
mod stage;
mod toml;

pub use command::{main, main_from, usage};
pub use console::{Console, print_message, print_result, sentence};
pub use copy::{Links, copy_file, copy_folder};
pub use digest::{Digest, ParseDigestError};
pub use error::{Error, FileError};
pub use file::{
    absolute, folder_of, make_folder, read, read_folder, read_text, remove, rename, temporary_folder, write,
    write_atomically,
};
pub use place::is_standard_output;
pub use record::{Input, Key, Record};
pub use stage::{Action, Named, Outputs, Stage, StageError, perform, run};
pub use toml::said_of_toml;

/// The digest of the calling stage's code, for [`Stage::code`]; its `build.rs` must call `ampoule_code::emit()`.
#[macro_export]
macro_rules! code_digest {
    () => {
        env!("AMPOULE_CODE_DIGEST")
    };
}

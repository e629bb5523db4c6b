//! `ampoule-unpack`: unpacks a pinned archive to a folder.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule_action::main::<ampoule_archive::Unpack>()
}

//! `ampoule-extension`: an extension module out of C and C++ sources.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule_action::main::<ampoule_extension::Extension>()
}

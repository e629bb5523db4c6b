//! `ampoule-precompile`: a side module's code for the machine that builds.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule_action::main::<ampoule_precompile::Precompile>()
}

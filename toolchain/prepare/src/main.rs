//! `ampoule-prepare`: sources that can be compiled, out of a source distribution and a recipe.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule_action::main::<ampoule_prepare::Prepare>()
}

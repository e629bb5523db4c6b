//! The stage `bytecode` as a program.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule_action::main::<ampoule_compile::CompileFolder>()
}

//! `ampoule-rust`: puts Rust's compiler together.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule_action::main::<ampoule_rust::MakeRust>()
}

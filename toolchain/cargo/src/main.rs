//! `ampoule-cargo`: compiles a crate in Rust.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule_action::main::<ampoule_cargo::Cargo>()
}

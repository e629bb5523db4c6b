//! `ampoule-libcxx`: compiles the C++ libraries.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule_action::main::<ampoule_libcxx::MakeLibcxx>()
}

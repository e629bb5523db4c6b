//! `ampoule`: builds Python applications into WebAssembly components.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule::main()
}

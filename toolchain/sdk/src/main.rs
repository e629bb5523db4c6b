//! `ampoule-sdk`: puts the C and C++ toolchain together.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule_action::main::<ampoule_sdk::MakeSdk>()
}

//! `ampoule-web`: writes what stands between `wasi:http` and a web application.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule_action::main::<ampoule_web::Web>()
}

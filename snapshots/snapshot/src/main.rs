//! `ampoule-snapshot`: the linked module with the app already imported.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule_action::main::<ampoule_snapshot::Snapshot>()
}

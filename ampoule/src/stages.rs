//! The stages of the chain, listed once: what `ampoule STAGE` runs, what the help names, and what `ampoule stages` prints.

use ampoule_action::{Stage, main_from};
use clap::Args;
use serde::Serialize;
use std::env::{ArgsOs, args_os};
use std::iter::Skip;
use std::process::ExitCode;

/// The program of a stage.
pub struct Program {
    name: &'static str,
    about: fn() -> String,
    main: fn(String, Skip<ArgsOs>) -> ExitCode,
}

/// All stages, in the order of the chain.
const STAGES: [Program; 19] = [
    program::<ampoule_archive::Unpack>("unpack"),
    program::<ampoule_sdk::MakeSdk>("sdk"),
    program::<ampoule_cpython::CPython>("cpython"),
    program::<ampoule_interpreter::Interpreter>("interpreter"),
    program::<ampoule_libcxx::MakeLibcxx>("libcxx"),
    program::<ampoule_rust::MakeRust>("rust"),
    program::<ampoule_cargo::Cargo>("cargo"),
    program::<ampoule_prepare::Prepare>("prepare"),
    program::<ampoule_extension::Extension>("extension"),
    program::<ampoule_pack::Pack>("pack"),
    program::<ampoule_wheels::Wheels>("wheels"),
    program::<ampoule_web::Web>("web"),
    program::<ampoule_bindgen::Bindgen>("bindgen"),
    program::<ampoule_compile::CompileFolder>("bytecode"),
    program::<ampoule_compile::Compile>("compile"),
    program::<ampoule_link::Link>("link"),
    program::<ampoule_precompile::Precompile>("precompile"),
    program::<ampoule_snapshot::Snapshot>("snapshot"),
    program::<ampoule_component::Component>("component"),
];

const fn program<S: Stage + Args>(name: &'static str) -> Program {
    Program {
        name,
        about: about::<S>,
        main: |name, arguments| main_from::<S>(name, arguments),
    }
}

/// What the help of a stage says first.
fn about<S: Args>() -> String {
    let command = S::augment_args(clap::Command::new(""));
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

/// What is said of a stage.
#[derive(Serialize)]
pub struct Description {
    /// The stage's name, with which its record begins.
    pub name: &'static str,
    /// The file name of its own program.
    pub program: String,
    /// What it does.
    pub about: String,
}

/// The stages, in the order of the chain.
pub fn descriptions() -> Vec<Description> {
    let description = |stage: &Program| Description {
        name: stage.name,
        program: format!("ampoule-{}", stage.name),
        about: (stage.about)(),
    };
    STAGES.iter().map(description).collect()
}

/// What stands below the help of `ampoule`.
pub fn help() -> String {
    let names = STAGES.each_ref().map(|stage| stage.name);
    format!(
        "The stages of the chain are commands too, with the flags of their own programs (`ampoule link --help`):\n  {}",
        names.join(", ")
    )
}

/// Runs the stage that the first argument names; none if it names no stage.
pub fn dispatch() -> Option<ExitCode> {
    let name = args_os().nth(1)?;
    let stage = STAGES.iter().find(|stage| name == stage.name)?;
    Some((stage.main)(format!("ampoule {}", stage.name), args_os().skip(2)))
}

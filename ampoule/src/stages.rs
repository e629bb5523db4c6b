//! `ampoule <stage> ...`: the stages' own programs, in one binary.

use ampoule_action::main_from;
use std::process::ExitCode;

/// Shown below the help of `ampoule`.
pub const HELP: &str = "The stages of the chain are commands too, with the flags of their own programs (`ampoule link --help`):\n  \
     unpack, sdk, cpython, interpreter, extension, wheels, bindgen, compile, link, snapshot, component";

/// Runs the stage that the first argument names; none if it names no stage.
pub fn dispatch() -> Option<ExitCode> {
    let stage = std::env::args_os().nth(1)?.into_string().ok()?;
    let name = format!("ampoule {stage}");
    let arguments = std::env::args_os().skip(2);
    let code = match stage.as_str() {
        "unpack" => main_from::<ampoule_archive::Unpack>(name, arguments),
        "sdk" => main_from::<ampoule_sdk::MakeSdk>(name, arguments),
        "cpython" => main_from::<ampoule_cpython::CPython>(name, arguments),
        "interpreter" => main_from::<ampoule_interpreter::Interpreter>(name, arguments),
        "extension" => main_from::<ampoule_extension::Extension>(name, arguments),
        "wheels" => main_from::<ampoule_wheels::Wheels>(name, arguments),
        "bindgen" => main_from::<ampoule_bindgen::Bindgen>(name, arguments),
        "compile" => main_from::<ampoule_compile::Compile>(name, arguments),
        "link" => main_from::<ampoule_link::Link>(name, arguments),
        "snapshot" => main_from::<ampoule_snapshot::Snapshot>(name, arguments),
        "component" => main_from::<ampoule_component::Component>(name, arguments),
        _ => return None,
    };
    Some(code)
}

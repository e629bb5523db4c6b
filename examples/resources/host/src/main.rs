//! `ampoule-resources-host FILE`: checks a build of the example resources.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(file), None) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: ampoule-resources-host RESOURCES.WASM");
        return ExitCode::from(2);
    };
    match ampoule_resources_host::check(&PathBuf::from(file), 1_000_000) {
        Ok(differences) if differences.is_empty() => {
            println!("all is as it should be");
            ExitCode::SUCCESS
        }
        Ok(differences) => {
            for difference in &differences {
                eprintln!("{difference}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

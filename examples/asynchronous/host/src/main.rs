//! `ampoule-asynchronous-host FILE`: checks a build of the example asynchronous.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(file), None) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: ampoule-asynchronous-host ASYNCHRONOUS.WASM");
        return ExitCode::from(2);
    };
    match ampoule_asynchronous_host::check(&PathBuf::from(file)) {
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

//! `ampoule-echo-host FILE`: checks a build of the example echo.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(file), None) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: ampoule-echo-host ECHO.WASM");
        return ExitCode::from(2);
    };
    match ampoule_echo_host::check(&PathBuf::from(file)) {
        Ok(checked) if checked.differences.is_empty() => {
            println!("{} calls, all values came back equal", checked.calls);
            ExitCode::SUCCESS
        }
        Ok(checked) => {
            for difference in &checked.differences {
                eprintln!("{difference}");
            }
            eprintln!("error: {} of {} calls differ", checked.differences.len(), checked.calls);
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

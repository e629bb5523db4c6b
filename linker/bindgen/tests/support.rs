//! What the tests of the cases share.

use ampoule_bindgen::Bindgen;
use clap::Parser;
use std::path::{Path, PathBuf};

#[derive(Parser)]
struct Program {
    #[command(flatten)]
    stage: Bindgen,
}

/// The folders of the cases, in order.
pub fn cases() -> Vec<PathBuf> {
    ampoule_tests::golden::cases(Path::new("tests/cases"))
}

/// The stage with the flags of a case. Its paths are relative, so that messages are the same everywhere.
pub fn stage(folder: &Path, output: &Path) -> Bindgen {
    let world = [folder.join("wit"), folder.join("world.wit")]
        .into_iter()
        .find(|path| path.exists());
    let mut arguments = vec![
        "bindgen".to_string(),
        "--output".to_string(),
        output.display().to_string(),
    ];
    let options = std::fs::read_to_string(folder.join("options")).unwrap_or_default();
    arguments.extend(
        options
            .lines()
            .map(|line| line.replace("{case}", &folder.display().to_string())),
    );
    if let Some(world) = world {
        arguments.extend(["--wit".to_string(), world.display().to_string()]);
    }
    Program::try_parse_from(arguments)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .stage
}

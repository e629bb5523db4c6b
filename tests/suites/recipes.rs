//! Packages with native code, built from source by the recipes: each folder of `tests/suites/recipes/` has a lock and a module
//! `case`, whose function `check` exercises the package in a component, after it was imported at build.

use ampoule_support::{ampoule, root, succeed};
use libtest_mimic::{Failed, Trial};
use std::fs;
use std::path::Path;

/// Those that take minutes to compile, or need one that does.
const LONG: [&str; 17] = [
    "bcrypt",
    "contourpy",
    "cryptography",
    "fastapi",
    "jiter",
    "levenshtein",
    "matplotlib",
    "nh3",
    "numpy",
    "pandas",
    "pydantic-core",
    "pyopenssl",
    "rapidfuzz",
    "rpds-py",
    "shapely",
    "tiktoken",
    "uuid-utils",
];

/// What the app has beside the case.
const FILES: [(&str, &str); 3] = [
    (
        "pyproject.toml",
        "[project]\nname = 'case'\nversion = '1'\n[tool.ampoule]\nworld = 'checks'\napp = 'app'\n",
    ),
    (
        "wit/world.wit",
        "package test:recipes;\nworld checks { export check: func(); }\n",
    ),
    (
        "app.py",
        "import case, wit_world\nclass WitWorld(wit_world.WitWorld):\n    def check(self): case.check()\n",
    ),
];

/// A test for each folder.
pub fn trials() -> Vec<Trial> {
    let folder = root().join("tests/suites/recipes");
    let cases = ampoule_tests::golden::cases(&folder).into_iter();
    let trial = |case: std::path::PathBuf| {
        let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Trial::test(format!("recipes::{name}"), move || check(&case)).with_ignored_flag(LONG.contains(&name.as_str()))
    };
    cases.map(trial).collect()
}

fn check(case: &Path) -> Result<(), Failed> {
    let scratch = ampoule_support::copy(case);
    fs::create_dir(scratch.path().join("wit"))?;
    for (path, content) in FILES {
        fs::write(scratch.path().join(path), content)?;
    }
    succeed(ampoule(scratch.path()).arg("build"));
    succeed(ampoule(scratch.path()).args(["run", "case.wasm", "check()"]));
    Ok(())
}

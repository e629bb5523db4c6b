//! Random worlds, the same ones each time: the generator binds them or says what is not supported, and never panics.
//!
//! `RANDOM_WORLDS=100000` tries more packages than the usual; `KEEP_BINDINGS=folder` keeps what is generated, to check it by other tools.

use ampoule_bindgen::{Error, Files, Naming, WitSource, bindings, names, resolve, side_module, stubs};
use ampoule_tests::{PackageConfig, random_package};
use std::path::Path;
use wasmparser::{Validator, WasmFeatures};
use wit_parser::decoding::decode;

/// How many random packages are tried.
const USUAL_COUNT: u64 = 150;

#[test]
fn are_bound_or_refused() {
    let count = std::env::var("RANDOM_WORLDS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(USUAL_COUNT);
    let config = PackageConfig {
        error_context: true,
        fixed_length_lists: true,
        streams: true,
        ..PackageConfig::default()
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut bound, mut refused) = (0, 0);
    for seed in 0..count {
        let Some(package) = random_package(&config, seed) else {
            continue;
        };
        let path = folder.path().join("package.wasm");
        std::fs::write(&path, &package).expect("the package can be written");
        for world in worlds(&package) {
            match bind(&path, &world) {
                Ok(files) => {
                    keep(&format!("{seed}-{bound}"), &files);
                    bound += 1;
                }
                Err(Error::Unsupported(_)) => refused += 1,
                Err(error) => panic!("package {seed}, world {world}: {error}"),
            }
        }
    }
    println!("{bound} worlds bound, {refused} refused");
    assert!(bound > 0);
}

fn bind(package: &Path, world: &str) -> Result<Files, Error> {
    let source = WitSource {
        wit: vec![package.to_path_buf()],
        worlds: vec![world.to_string()],
        all_features: true,
        ..WitSource::default()
    };
    let resolved = resolve(&source)?;
    let world = names(&resolved, &Naming::default())?;
    let module = side_module(&resolved)?;
    Validator::new_with_features(WasmFeatures::all())
        .validate_all(&module.bytes)
        .expect("the side module is valid");
    let files = bindings(&world, &module);
    // The stubs have more for type checkers, and less of what only a component can import.
    assert_eq!(files.len() + 1, stubs(&world).len() + usize::from(world.is_async));
    Ok(files)
}

fn worlds(package: &[u8]) -> Vec<String> {
    let decoded = decode(package).expect("the package decodes");
    let resolve = decoded.resolve();
    let worlds = resolve.packages[decoded.package()].worlds.keys();
    worlds.map(|name| resolve.id_of_name(decoded.package(), name)).collect()
}

fn keep(name: &str, files: &Files) {
    let Some(folder) = std::env::var_os("KEEP_BINDINGS") else {
        return;
    };
    for (path, text) in files {
        let path = Path::new(&folder).join(name).join(path);
        std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder can be made");
        std::fs::write(path, text).expect("the file can be written");
    }
}

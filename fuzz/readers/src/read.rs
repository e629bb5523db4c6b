//! The readers.

use ampoule::project::Project;
use ampoule_archive::{Format, Limit, Unpacking, unpack};
use ampoule_bindgen::{Naming, PACKAGE_FILE, Package, WitSource, bindings, names, resolve, side_module, stubs};
use ampoule_fetch::{Pins, Platform};
use ampoule_link::{Input, Options, Roots, Wasi, initializers, link};
use ampoule_wheels::{Environment, Installed, Lock, install};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// As much as an archive may hold: little, so that a bomb is a small one.
const LIMIT: Limit = Limit {
    bytes: 1 << 20,
    entries: 1000,
};

/// What reads.
#[derive(Clone, Copy, Debug)]
pub enum Reader {
    /// WIT as text: bound.
    Wit,
    /// WIT in binary form: bound.
    BinaryWit,
    /// A project's `pyproject.toml`.
    Project,
    /// The `componentize-py.toml` of a Python package with WIT of its own.
    Package,
    /// A core module: linked as the base, without side modules.
    Base,
    /// A side module with `dylink.0`: linked to a base that has what it needs.
    SideModule,
    /// A core module with its types, as the stage `component` takes it.
    Component,
    /// Pins.
    Pins,
    /// A `pylock.toml`.
    Pylock,
    /// Requirements with hashes.
    Requirements,
    /// An archive that is unpacked.
    Archive(Format),
    /// A wheel that is installed.
    Wheel,
}

/// Reads bytes as a file; what they turn out to be is forgotten.
///
/// # Panics
/// When the scratch folder cannot be written, or the reader has a mistake.
pub fn read(reader: Reader, bytes: &[u8]) {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let file = |name: &str| write(&scratch, name, bytes);
    match reader {
        Reader::Wit => bind(file("world.wit")),
        Reader::BinaryWit => bind(file("world.wasm")),
        Reader::Project => {
            file("pyproject.toml");
            let _ = Project::read(scratch.path());
        }
        Reader::Package => {
            file(PACKAGE_FILE);
            let _ = Package::read("package", scratch.path());
        }
        Reader::Base => {
            for wasi in [Wasi::Host, Wasi::None] {
                let _ = link(bytes, &[], options(wasi));
            }
        }
        Reader::SideModule => side(bytes),
        Reader::Component => {
            let _ = ampoule_component::encode(bytes, &[]);
        }
        Reader::Pins => pins(&file("pins.json")),
        Reader::Pylock => lock(&file("pylock.toml"), ampoule_wheels::LockFormat::Pylock),
        Reader::Requirements => lock(&file("requirements.txt"), ampoule_wheels::LockFormat::Requirements),
        Reader::Archive(format) => {
            let unpacking = Unpacking { format, strip: 0 };
            let _ = unpack(
                &unpacking,
                LIMIT,
                &file("archive"),
                &scratch.path().join("unpacked"),
                &[],
            );
        }
        Reader::Wheel => {
            let name = "demo-1.0-py3-none-any.whl";
            let archive = file(name);
            let folder = scratch.path().join("installed");
            std::fs::create_dir(&folder).expect("a folder can be made");
            let _ = install(name, &archive, &folder, &mut Installed::default());
        }
    }
}

fn write(scratch: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = scratch.path().join(name);
    std::fs::write(&path, bytes).expect("a file can be written");
    path
}

/// Binds the worlds of a file, all that its packages name.
fn bind(wit: PathBuf) {
    let source = WitSource {
        wit: vec![wit],
        all_features: true,
        ..WitSource::default()
    };
    let Ok(resolved) = resolve(&source) else { return };
    let (Ok(world), Ok(module)) = (names(&resolved, &Naming::default()), side_module(&resolved)) else {
        return;
    };
    drop((bindings(&world, &module), stubs(&world)));
}

/// Of a link that keeps as much as there can be.
fn options(wasi: Wasi) -> Options {
    let roots = Roots::Build;
    Options { wasi, roots }
}

fn side(bytes: &[u8]) {
    let input = Input {
        name: "side",
        image_path: Some("/side.so"),
        bytes,
    };
    let _ = initializers(&input);
    let base = wat::parse_str(include_str!("base.wat")).expect("the base is a module");
    let _ = link(&base, &[input], options(Wasi::Host));
}

fn pins(file: &Path) {
    let Ok(pins) = Pins::open(file) else { return };
    for pin in pins.all() {
        let _ = pin.archive(&Platform::host(), Path::new(""));
    }
}

fn lock(file: &Path, format: ampoule_wheels::LockFormat) {
    let environment = Environment::of("3.13.9").expect("it is a version");
    let Ok(lock) = Lock::read(file, format, &environment) else {
        return;
    };
    let _ = lock.required(&environment, &[], &[]);
}

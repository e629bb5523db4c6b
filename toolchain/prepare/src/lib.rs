//! The stage `prepare`: a source distribution becomes sources that can be compiled, by a [recipe](ampoule_recipe::Recipe).
//!
//! In this order: the archives are unpacked, each of the other sources to a folder of its name; files are patched; files are
//! written; the steps that generate sources run. These are Python programs (Cython, a package's own generators), and the interpreter
//! that runs them is that of the components: a *generator* is an app of the world `wasi:cli/command`, built by the chain itself, with
//! Cython imported in its snapshot. It sees the sources and nothing else, so what it writes is the same on every machine.
//!
//! Beside the sources it writes the description of each module and library to a file of its own: who compiles one of them reads what is
//! said of that one, and is not run again for what a recipe says of another.

mod error;
mod generate;
mod headers;
mod patch;
mod stage;

pub use error::Error;
pub use stage::Prepare;

/// The app that a generator is built from, by the paths of its files: the app's folder `app`, whose module is `generator`, and `wit`.
pub const GENERATOR: [(&str, &str); 2] = [
    ("app/generator.py", include_str!("../generator/app/generator.py")),
    ("wit/world.wit", include_str!("../generator/wit/world.wit")),
];

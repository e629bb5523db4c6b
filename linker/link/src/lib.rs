//! Fuses a static base and any number of position-independent side modules into one core module.
//!
//! The base is the interpreter; the side modules are its optional builtin modules, extension modules and the world's module, each
//! with a section `dylink.0` (tool-conventions, "WebAssembly Dynamic Linking"). What a dynamic loader would do at run time is done here,
//! once: imports become direct calls, addresses become constants, and what nothing reaches is left out.
//!
//! walrus links: each side module on its own is parsed, its addresses become constants, what nothing wants goes, and it is written again, on as
//! many cores as there are. The base is never held as a graph. Its bodies are scanned once, for what they call, and copied with other
//! indices of functions: everything else of it has the same index in every module that it is linked into, so that a host which keeps
//! compiled functions finds those of the base again, whatever they are linked with.
//!
//! The phases, each borrowing from the ones before: `read` (headers) with `fixed` and `uncaught`, `symbols` (resolve), `wasi` (bind the host's functions),
//! `layout` (place) with `signatures`, `exports`, `unit` with `fold` (walrus), `code` (scan) and `reach` (what is kept), `stable` and `indices`
//! (number), `merge` with `rewrite` (write), `report`.

mod code;
mod error;
mod exports;
mod fixed;
mod fold;
mod indices;
mod layout;
mod merge;
mod reach;
mod read;
mod report;
mod rewrite;
mod signatures;
mod stable;
mod stage;
mod symbols;
mod uncaught;
mod unit;
mod wasi;

pub use ampoule_settings::Wasi;
pub use error::{Error, Problem, Problems};
pub use report::{Origin, Report};
pub use stage::Link;

use ampoule_layout::Layout;
use indices::Indices;
use read::Module;
use symbols::Function;

/// A side module to be linked.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The name that messages and `needed` lists have for it.
    pub name: &'a str,
    /// Where it is in the image, if it is an extension module that Python can import.
    pub image_path: Option<&'a str>,
    /// Its content.
    pub bytes: &'a [u8],
}

/// The result of a link.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The linked core module.
    pub module: Vec<u8>,
    /// Where everything is in it.
    pub layout: Layout,
    /// Its sizes by origin.
    pub report: Report,
}

/// How to link.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Where WASI comes from.
    pub wasi: Wasi,
    /// What is kept.
    pub roots: Roots,
}

/// From where the linked module is entered: what is not reached from there is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Roots {
    /// From the world's functions: what an instance of the component can run.
    #[default]
    Component,
    /// Also from what only the build runs: what initialises the modules, imports the app and takes the snapshot.
    Build,
}

/// Links side modules, in the given order, to a base.
///
/// # Errors
/// When a module cannot be read, or not all symbols can be resolved.
pub fn link(base: &[u8], inputs: &[Input<'_>], options: Options) -> Result<Linked, Error> {
    let modules = read_all(base, inputs)?;
    let guarded = uncaught::guarded_worlds(&modules)?;
    let modules = uncaught::replace(modules, &guarded)?;
    let mut symbols = symbols::resolve(&modules)?;
    if options.wasi == Wasi::None {
        wasi::virtualise(&modules, &mut symbols);
    }
    let addresses = layout::place(&modules, &symbols)?;
    let exports = exports::choose(&modules, &symbols, options.roots)?;
    let units = unit::make_all(&modules, &symbols, &addresses, &exports)?;
    let codes = code::scan_all(&modules, &units)?;
    let reached = reach::reach(&modules, &codes, &symbols, &addresses, &exports)?;
    // To no more of the host than is needed. The places of everything stay as they are.
    wasi::leave_out_sockets(&modules, &mut symbols, &reached);
    let addresses = layout::place(&modules, &symbols)?;
    let exports = exports::choose(&modules, &symbols, options.roots)?;
    let reached = reach::reach(&modules, &codes, &symbols, &addresses, &exports)?;
    let added_imports = match options.roots {
        Roots::Component => stable::added_imports(&symbols, &reached),
        Roots::Build => Vec::new(),
    };
    let plan = merge::Plan {
        modules: &modules,
        codes: &codes,
        symbols: &symbols,
        addresses: &addresses,
        exports: &exports,
        reached: &reached,
        indices: &Indices::number(&modules, &symbols, &addresses, &reached, added_imports.len()),
        added_imports: &added_imports,
        roots: options.roots,
    };
    let merged = merge::merge(&plan)?;
    check(&merged.bytes, &modules[0])?;
    let report = Report::new(&plan, &merged, &units);
    Ok(Linked {
        module: merged.bytes,
        layout: addresses.layout,
        report,
    })
}

/// Validates the linked module. The base has been validated when it was made: only here can it turn out that it is not that one.
fn check(linked: &[u8], base: &Module<'_>) -> Result<(), Error> {
    read::validate(linked).map_err(|error| match read::validate(base.bytes) {
        Ok(()) => Error::Invalid(error),
        Err(error) => base.malformed(error),
    })
}

/// The layout alone that [`link`] would give.
///
/// # Errors
/// As [`link`].
pub fn layout(base: &[u8], inputs: &[Input<'_>]) -> Result<Layout, Error> {
    let modules = read_all(base, inputs)?;
    let guarded = uncaught::guarded_worlds(&modules)?;
    let modules = uncaught::replace(modules, &guarded)?;
    let symbols = symbols::resolve(&modules)?;
    Ok(layout::place(&modules, &symbols)?.layout)
}

/// The names of the functions by which Python initialises an extension module: its exports `PyInit_...`.
///
/// # Errors
/// When it is not a side module.
pub fn initializers(input: &Input<'_>) -> Result<Vec<String>, Error> {
    let module = Module::side(input.name, input.image_path, input.bytes)?;
    Ok(symbols::initializers(&module)
        .map(|(name, _)| name.to_string())
        .collect())
}

fn read_all<'a>(base: &'a [u8], inputs: &'a [Input<'a>]) -> Result<Vec<Module<'a>>, Error> {
    let side_modules = inputs
        .iter()
        .map(|input| Module::side(input.name, input.image_path, input.bytes));
    std::iter::once(Module::base(base)).chain(side_modules).collect()
}

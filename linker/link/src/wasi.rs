//! Where WASI comes from: the host, virtual functions in the base, or nowhere, where no instance can ever ask for it.

use crate::reach::Reached;
use crate::read::Module;
use crate::symbols::{Function, Host, Symbols};
use std::collections::BTreeSet;

/// What the base's exported functions are called that stand in for the host's: this, the interface and the function.
pub(crate) const VIRTUAL: &str = "virtual ";

/// What those are called to which the stage `extension` has bound what an extension module imports of WASI.
pub(crate) const BOUND: &str = "bound ";

const PACKAGE_PREFIX: &str = "wasi:";

/// The version of WASI that the base has; interfaces of another one have nothing to do with it.
const VERSION: &str = "0.2.";

/// The interfaces whose functions work on each other's handles: they come from one place, all of them. Those that only pass
/// handles on, wasi:io, go with them.
const WITH_HANDLES: &[&str] = &[
    "wasi:cli/std",
    "wasi:cli/terminal-",
    "wasi:clocks/monotonic-clock",
    "wasi:filesystem/",
    "wasi:sockets/",
];
const PASSING_HANDLES: &str = "wasi:io/";

/// The functions that give the first handle of `wasi:sockets`. Without them no other of its functions can be called.
const SOCKETS: &str = "wasi:sockets/";
const GIVE_SOCKETS: &[&str] = &["create-tcp-socket", "create-udp-socket", "resolve-addresses"];

/// Binds what the base imports of WASI to its virtual functions. What those make impossible to call traps.
pub(crate) fn virtualise<'a>(modules: &[Module<'a>], symbols: &mut Symbols<'a>) {
    let kept = kept_interfaces(modules);
    let base = &modules[0];
    symbols.replace_hosts(|host| {
        let interface = interface(host.module);
        if !interface.starts_with(PACKAGE_PREFIX) || !is_of_base(host.module) || is_kept(interface, &kept) {
            return None;
        }
        let name = format!("{VIRTUAL}{interface} {}", host.name);
        let stand_in = base
            .exported_function(&name)
            .map(|index| Function::Defined { module: 0, index });
        Some(stand_in)
    });
}

/// Makes the functions of `wasi:sockets` trap if nothing that is reached gives a socket, and with them what side modules import weakly
/// of the host: what is called in place of sockets.
pub(crate) fn leave_out_sockets<'a>(modules: &[Module<'a>], symbols: &mut Symbols<'a>, reached: &Reached) {
    let gives_sockets = |function: &Function| match function {
        Function::Host(place) => {
            let host = &symbols.hosts[*place];
            host.module.starts_with(SOCKETS) && GIVE_SOCKETS.contains(&host.name)
        }
        _ => false,
    };
    if !reached.functions.iter().any(gives_sockets) {
        let is_weak = |host: &Host<'a>| {
            let mut side_modules = modules.iter().skip(1);
            side_modules.any(|module| module.dylink.is_weak_host(host.module, host.name))
        };
        symbols.replace_hosts(|host| (host.module.starts_with(SOCKETS) || is_weak(host)).then_some(None));
    }
}

/// The interfaces that side modules import themselves: those that the world names, of the base's version of WASI.
fn kept_interfaces<'a>(modules: &[Module<'a>]) -> BTreeSet<&'a str> {
    let is_of_base = |module: &&str| {
        module
            .split_once('@')
            .is_none_or(|(_, version)| version.starts_with(VERSION))
    };
    let imports = modules.iter().skip(1).flat_map(|module| {
        let functions = module.imported_functions.iter();
        functions.map(|import| module.imports[*import].module)
    });
    imports.filter(|module| is_of_base(module)).map(interface).collect()
}

fn is_kept(interface: &str, kept: &BTreeSet<&str>) -> bool {
    let has_handles = |interface: &str| WITH_HANDLES.iter().any(|prefix| interface.starts_with(prefix));
    if has_handles(interface) || interface.starts_with(PASSING_HANDLES) {
        return kept.iter().any(|kept| has_handles(kept));
    }
    kept.contains(interface)
}

fn is_of_base(module: &str) -> bool {
    module
        .split_once('@')
        .is_none_or(|(_, version)| version.starts_with(VERSION))
}

/// An interface without its version.
fn interface(module: &str) -> &str {
    module.split_once('@').map_or(module, |(interface, _)| interface)
}

//! What a host that keeps compiled functions sees of a module beside the functions: it is made the same in components with other side
//! modules or another world, so that the base's functions are found.
//!
//! Wasmtime's code holds the size of a table that does not grow, and the distances to the table and to globals in an instance, in which
//! the imported functions come first. Both numbers are rounded up.

use crate::reach::Reached;
use crate::symbols::{Function, Host, Symbols};

/// The base alone has some three thousand elements, with all of the stdlib's modules seven thousand.
const TABLE_ELEMENTS: u64 = 8192;

/// The base imports sixty functions, with sockets some hundred and ten. Each that is added takes eighty bytes of a component.
const IMPORTED_FUNCTIONS: usize = 80;

/// The size of a table that has at least so many elements.
pub(crate) fn table_elements(elements: u64) -> u64 {
    elements.next_multiple_of(TABLE_ELEMENTS)
}

/// Imports to add: one of those that there are, again and again. Nothing calls them.
///
/// It is one that drops a handle, which needs neither memory nor table and costs a component least. A module without such a one has none added.
pub(crate) fn added_imports<'s>(symbols: &'s Symbols<'_>, reached: &Reached) -> Vec<&'s Host<'s>> {
    let hosts = reached.functions.iter().filter_map(|function| match function {
        Function::Host(host) => Some(&symbols.hosts[*host]),
        _ => None,
    });
    let hosts: Vec<&Host<'_>> = hosts.collect();
    let added = hosts.len().next_multiple_of(IMPORTED_FUNCTIONS) - hosts.len();
    let drops = hosts.iter().filter(|host| host.name.starts_with("[resource-drop]"));
    let shortest = drops.min_by_key(|host| host.module.len() + host.name.len());
    shortest.map_or(Vec::new(), |host| vec![*host; added])
}

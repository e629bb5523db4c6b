//! `poll_loop.py`: an asyncio loop for worlds like `wasi:http/proxy`, with the names that the world's modules have.

use crate::{Direction, Interface, World, layout};

/// The interfaces that it calls, and the names that it has for them.
const NEEDED: [(&str, &str); 5] = [
    ("wasi:clocks/monotonic-clock@0.2.", "monotonic_clock"),
    ("wasi:http/outgoing-handler@0.2.", "outgoing_handler"),
    ("wasi:io/poll@0.2.", "poll"),
    ("wasi:io/streams@0.2.", "streams"),
    ("wasi:http/types@0.2.", "types"),
];

/// The module; none for a world that does not import all that it calls.
pub(crate) fn poll_loop(world: &World) -> Option<String> {
    let mut text = ampoule_python::POLL_LOOP.to_string();
    for (wanted, name) in NEEDED {
        let interface = world
            .imports
            .iter()
            .find(|interface| interface.key.starts_with(wanted))?;
        text = text.replace(
            &format!("from wit_world.imports import {name}\n"),
            &import(world, interface, name),
        );
    }
    Some(text)
}

fn import(world: &World, interface: &Interface, name: &str) -> String {
    let package = world.package(interface.root, Direction::Import);
    let names = match &interface.module {
        module if module == name => name.to_string(),
        module => format!("{module} as {name}"),
    };
    layout::import(&package, &[names])
}

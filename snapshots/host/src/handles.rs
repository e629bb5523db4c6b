//! The resources that the program holds, by handle.

use crate::files::Node;

/// What a handle stands for.
#[derive(Debug)]
pub(crate) enum Resource {
    /// An open file or folder.
    Descriptor { node: Node, flags: u8 },
    /// The names of a folder that were not read yet.
    Entries(std::vec::IntoIter<(String, Node)>),
    /// A stream that reads a file from an offset, or nothing (standard input).
    Input(Option<(Node, u64)>),
    /// A stream that writes.
    Output(Destination),
    /// Something to wait for: ready at that time of the monotonic clock.
    Pollable { ready_at: u64 },
    /// The network, in which nothing can be reached.
    Network,
}

/// Where an output stream writes to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Destination {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// A file, from an offset on.
    File(Node, u64),
    /// The end of a file.
    Append(Node),
}

/// The table of handles. Numbers are given out in the order of the calls, lowest free one last used first.
#[derive(Debug, Default)]
pub(crate) struct Handles {
    slots: Vec<Option<Resource>>,
    free: Vec<u32>,
}

impl Handles {
    /// Stores a resource under a new handle; handles start at 1.
    pub(crate) fn insert(&mut self, resource: Resource) -> u32 {
        match self.free.pop() {
            Some(handle) => {
                self.slots[handle as usize - 1] = Some(resource);
                handle
            }
            None => {
                self.slots.push(Some(resource));
                self.slots.len() as u32
            }
        }
    }

    /// The resource of a handle.
    pub(crate) fn get(&mut self, handle: u32) -> wasmtime::Result<&mut Resource> {
        (handle as usize)
            .checked_sub(1)
            .and_then(|slot| self.slots.get_mut(slot))
            .and_then(Option::as_mut)
            .ok_or_else(|| unknown(handle))
    }

    /// Forgets a handle.
    pub(crate) fn remove(&mut self, handle: u32) -> wasmtime::Result<()> {
        self.get(handle)?;
        self.slots[handle as usize - 1] = None;
        self.free.push(handle);
        Ok(())
    }

    /// The node and flags of an open file or folder.
    pub(crate) fn descriptor(&mut self, handle: u32) -> wasmtime::Result<(Node, u8)> {
        match self.get(handle)? {
            Resource::Descriptor { node, flags } => Ok((*node, *flags)),
            _ => Err(unknown(handle)),
        }
    }
}

/// The error for a handle that does not exist or is of another kind.
pub(crate) fn unknown(handle: u32) -> wasmtime::Error {
    wasmtime::Error::msg(format!("the program used the unknown WASI handle {handle}"))
}

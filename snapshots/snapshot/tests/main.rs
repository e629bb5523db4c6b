//! The tests of the snapshot.

mod rewrite;
mod stage;

//! The tests of the snapshot.

mod stage;

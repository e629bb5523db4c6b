//! The tests of code digests.

mod closure;
mod edges;

//! The tests of the bindings' generator.

mod binary_wit;
mod checkers;
mod golden;
mod random_worlds;
mod side_module;
mod support;

//! Ampoule with Nix, in Nix' own sandbox: the driver's bytes, and all that Nix can do with them.
//!
//! The tests share one store, so that the toolchain is built once, and a copy of the repository whose lock file names what is on
//! this machine: prebuilt tools, and `nix/offline` in place of nixpkgs. There is no network but the loopback.

mod bytes;
mod changes;
mod documentation;
mod driver;
mod flake;
mod mistakes;
mod package;
mod packages_with_wit;
mod release;
mod scratch;
mod stores;

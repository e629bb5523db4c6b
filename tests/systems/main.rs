//! Ampoule in other systems: Nix, Bazel, hosts that are not written in Rust, hostile surroundings, a release.

mod bazel;
mod build_systems;
mod hosts;
mod nix;
mod playground;
mod publish;
mod release;
mod report;
mod reproducible;
mod wheel;

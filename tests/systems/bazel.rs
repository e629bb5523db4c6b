//! Ampoule with Bazel, in Bazel's own sandbox and on a server of the Remote Execution API: the driver's bytes, action by action.
//!
//! There is no network but the loopback. The toolchain is built once, into a disk cache that later runs find; each test starts
//! with a copy of it that holds nothing else.

mod actions;
mod bytes;
mod documentation;
mod driver;
mod layouts;
mod native;
mod packages;
mod programs;
mod release;
mod remote;
mod scratch;
mod versions;

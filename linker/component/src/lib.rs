//! The stage `component`: a core module with an app in it becomes a WebAssembly component.
//!
//! The module carries the WIT of its world in `component-type` sections; wit-component reads them and writes the component around it
//! (Component Model, "Binary Format"). What the host calls goes through `entrance`. The result is validated, and names what it was made with (tool conventions, "Producers Section").

mod data;
mod encode;
mod entrance;
mod error;
mod sections;
mod stage;

pub use encode::{Producer, encode};
pub use error::Error;
pub use stage::Component;

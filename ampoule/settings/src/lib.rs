//! The settings of an app: a struct for each stage, whose fields are keys of `[tool.ampoule]`.
//!
//! From a field come the key in the project file (serde), the flag of the stage and of the driver (clap), the parameter in the
//! action's record (serde), and what editors and `docs/settings.md` know of it (schemars). Its doc comment is what all of them say.
//!
//! What differs between apps and no stage reads, such as the file of the component, is in the driver: a key that is added there is
//! in no stage's code. The stages that are the same for all apps do not depend on this crate.

mod app;
mod bindgen;
mod compile;
mod forms;
mod link;
mod python;
mod snapshot;
mod web;
mod wheels;

pub use app::{AppSettings, ModuleSettings};
pub use bindgen::{InterfaceName, ModuleWorld, NumericLists, RelatedWorldSettings, WorldSettings};
pub use compile::CompileSettings;
pub use forms::{OneOrMore, one_or_more};
pub use link::{LinkSettings, Wasi};
pub use python::{PythonOption, PythonSettings, PythonVariable};
pub use snapshot::{OnException, SnapshotSettings};
pub use web::{Application, Target, WasiHttp, WebSettings};
pub use wheels::WheelsSettings;

//! The Python that apps import beside what is generated for their world, as source: `modules/`.
//!
//! A crate, so that the stages that embed the sources are digested with them. What only the build uses is in `guest/python`.

/// `componentize_py_types`: `Ok`, `Err` and `Some`.
pub const TYPES: &str = include_str!("../modules/componentize_py_types.py");

/// `componentize_py_runtime`: the signatures of the builtin module that the generated code calls.
pub const RUNTIME: &str = include_str!("../modules/componentize_py_runtime.pyi");

/// `poll_loop`: an asyncio loop for worlds like `wasi:http/proxy`, with the names that their interfaces usually have.
pub const POLL_LOOP: &str = include_str!("../modules/poll_loop.py");

//! The Python that apps import beside what is generated for their world, as source: `modules/`.
//!
//! A crate, so that the stages that embed the sources are digested with them. What only the build uses is in `guest/python`.

/// `componentize_py_types`: `Ok`, `Err` and `Some`.
pub const TYPES: &str = include_str!("../modules/componentize_py_types.py");

/// `componentize_py_runtime`: the signatures of the builtin module that the generated code calls.
pub const RUNTIME: &str = include_str!("../modules/componentize_py_runtime.pyi");

/// `componentize_py_async_support`: streams, futures and the loop of asynchronous exports, by the names of its files.
pub const ASYNC_SUPPORT: [(&str, &str); 7] = [
    (
        "__init__.py",
        include_str!("../modules/componentize_py_async_support/__init__.py"),
    ),
    (
        "_ends.py",
        include_str!("../modules/componentize_py_async_support/_ends.py"),
    ),
    (
        "_native.py",
        include_str!("../modules/componentize_py_async_support/_native.py"),
    ),
    (
        "_pipes.py",
        include_str!("../modules/componentize_py_async_support/_pipes.py"),
    ),
    (
        "_scheduling.py",
        include_str!("../modules/componentize_py_async_support/_scheduling.py"),
    ),
    (
        "futures.py",
        include_str!("../modules/componentize_py_async_support/futures.py"),
    ),
    (
        "streams.py",
        include_str!("../modules/componentize_py_async_support/streams.py"),
    ),
];

/// The file of [`ASYNC_SUPPORT`] that only a component can import.
pub const ONLY_IN_COMPONENTS: &str = "_scheduling.py";

/// `poll_loop`: an asyncio loop for worlds like `wasi:http/proxy`, with the names that their interfaces usually have.
pub const POLL_LOOP: &str = include_str!("../modules/poll_loop.py");

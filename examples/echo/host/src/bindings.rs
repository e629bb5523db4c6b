//! What `bindgen!` makes of `wit/echo.wit`: typed calls of the component, and a trait for each of its imports.
#![allow(missing_docs, reason = "the macro's own items have no documentation")]

wasmtime::component::bindgen!({
    path: "../wit",
    world: "echo",
});

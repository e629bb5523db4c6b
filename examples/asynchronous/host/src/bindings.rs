//! What `bindgen!` makes of `wit/asynchronous.wit`: calls that can be made at once, and a trait for the imports.
#![allow(missing_docs, reason = "the macro's own items have no documentation")]

wasmtime::component::bindgen!({
    path: "../wit",
    world: "asynchronous",
    exports: { default: async | store },
});

//! What `bindgen!` makes of `wit/resources.wit`.
#![allow(missing_docs, reason = "the macro's own items have no documentation")]

wasmtime::component::bindgen!({
    path: "../wit",
    world: "resources",
    imports: { default: trappable },
    with: {
        "example:resources/counters.counter": crate::host::Counter,
        "example:resources/counters.meter": crate::host::Meter,
        "example:resources/things.thing": crate::host::Thing,
        "token": crate::host::Token,
    },
});

//! What components do: their values, resources and files, how they begin and end, and what they have of the host.

mod asynchronous;
mod asyncio;
mod bound;
mod compiled;
mod composition;
mod descriptors;
mod ending;
mod error_context;
mod examples;
mod exceptions;
mod files;
mod fuzz;
mod life;
mod names_of_c;
mod numbers;
mod resources;
mod rust;
mod snapshot;
mod start;
mod temporary;
mod tls;
mod values;
mod wasi;
mod web;
mod without_wasi;

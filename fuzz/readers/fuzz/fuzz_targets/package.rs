//! The `componentize-py.toml` of a Python package with WIT of its own.

#![no_main]

use ampoule_readers::{Reader, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read(Reader::Package, bytes));

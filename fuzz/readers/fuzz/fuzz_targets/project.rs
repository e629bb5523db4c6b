//! A project's `pyproject.toml`.

#![no_main]

use ampoule_readers::{Reader, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read(Reader::Project, bytes));

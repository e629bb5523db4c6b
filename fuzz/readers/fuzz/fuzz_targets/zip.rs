//! An archive.

#![no_main]

use ampoule_readers::{Reader, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read(Reader::Archive(ampoule_archive::Format::Zip), bytes));

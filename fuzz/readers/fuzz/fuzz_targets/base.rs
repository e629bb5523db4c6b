//! A core module as the base of a link.

#![no_main]

use ampoule_readers::{Reader, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read(Reader::Base, bytes));

//! Pins.

#![no_main]

use ampoule_readers::{Reader, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read(Reader::Pins, bytes));

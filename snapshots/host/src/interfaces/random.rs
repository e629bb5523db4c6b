//! `wasi:random`: everything comes from the configuration's seed.

use crate::Host;
use crate::guest::{Block, Guest};
use wasmtime::{Caller, Error, Result};

/// The most bytes that one call gives.
const LIMIT: u64 = 64 << 20;

/// `get-random-bytes: func(len: u64) -> list<u8>`, and the insecure one.
pub(crate) fn get_random_bytes(caller: Caller<'_, Host>, length: u64, result: u32) -> Result<()> {
    if length > LIMIT {
        return Err(Error::msg(format!(
            "the program asked for {length} random bytes at once"
        )));
    }
    let mut guest = Guest(caller);
    let bytes = guest.host().random_bytes(length as usize);
    let list = guest.give(&bytes)?;
    Block::<8>::new().list(0, list).store(&mut guest, result)
}

/// `get-random-u64: func() -> u64`, and the insecure one.
pub(crate) fn get_random_u64(caller: Caller<'_, Host>) -> u64 {
    Guest(caller).host().random_number()
}

/// `insecure-seed: func() -> tuple<u64, u64>`
pub(crate) fn insecure_seed(caller: Caller<'_, Host>, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let first = guest.host().random_number();
    let second = guest.host().random_number();
    Block::<16>::new()
        .long(0, first)
        .long(8, second)
        .store(&mut guest, result)
}

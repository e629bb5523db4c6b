//! Samples with mistakes in them.

use arbitrary::{Result, Unstructured};

/// As many mistakes as a sample gets at most.
const MOST: usize = 4;

/// As many bytes as a mistake concerns at most.
const LONGEST: usize = 32;

/// What makes lengths, counts and texts go wrong.
const BYTES: [u8; 8] = [0, 1, 0x7f, 0x80, 0xff, b'"', b'\n', b'/'];

/// A sample in which a few places are changed, removed or doubled.
///
/// # Errors
/// Never where there are random bytes left.
pub fn mutated(sample: &[u8], random: &mut Unstructured) -> Result<Vec<u8>> {
    let mut bytes = sample.to_vec();
    for _ in 0..random.int_in_range(1..=MOST)? {
        let start = random.int_in_range(0..=bytes.len())?;
        let end = bytes.len().min(start + random.int_in_range(0..=LONGEST)?);
        match random.int_in_range(0..=5)? {
            0 => bytes.truncate(start),
            1 => drop(bytes.drain(start..end)),
            2 => {
                let copy = bytes[start..end].to_vec();
                let place = random.int_in_range(0..=bytes.len())?;
                bytes.splice(place..place, copy);
            }
            3 => bytes.insert(start, *random.choose(&BYTES)?),
            _ if start < end => {
                let bit = random.int_in_range(0..=7)?;
                let chosen = [bytes[start] ^ (1 << bit), *random.choose(&BYTES)?, random.arbitrary()?];
                bytes[start] = *random.choose(&chosen)?;
            }
            _ => {}
        }
    }
    Ok(bytes)
}

//! Random packages of WIT, the same for the same seed.

use arbitrary::Unstructured;
pub use wit_smith::Config as PackageConfig;

/// As many random bytes as a package takes.
const SEED_LENGTH: usize = 4096;

/// The package of a seed, in binary form; none where the random bytes do not make one.
pub fn random_package(config: &PackageConfig, seed: u64) -> Option<Vec<u8>> {
    wit_smith::smith(config, &mut Unstructured::new(&random_bytes(seed, SEED_LENGTH))).ok()
}

/// Bytes that look random and are the same each time (splitmix64).
pub fn random_bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    (0..length / 8).flat_map(|_| next().to_le_bytes()).collect()
}

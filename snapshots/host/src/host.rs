//! The host's state: all that a running module can see of the world.

use crate::files::Files;
use crate::handles::Handles;
use crate::output::{Sink, discard};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::collections::BTreeMap;
use wasmtime::{Memory, TypedFunc};

/// 1980-01-01T00:00:00Z, the oldest time that a zip archive can hold: the wall clock's start, and the second of every file's time.
pub(crate) const EPOCH_SECONDS: u64 = 315_532_800;

/// The time that passes with each look at a clock.
const TICK_NANOSECONDS: u64 = 1_000;

/// Everything that a run depends on, beside the module.
pub struct HostConfiguration {
    /// The file system, mounted at `/`.
    pub files: Files,
    /// The program's arguments, its own name first.
    pub arguments: Vec<String>,
    /// The environment variables.
    pub environment: BTreeMap<String, String>,
    /// Where all random bytes come from.
    pub seed: [u8; 32],
    /// Receives standard output.
    pub stdout: Sink,
    /// Receives standard error.
    pub stderr: Sink,
}

impl Default for HostConfiguration {
    fn default() -> Self {
        HostConfiguration {
            files: Files::new(),
            arguments: Vec::new(),
            environment: BTreeMap::new(),
            seed: [0; 32],
            stdout: discard(),
            stderr: discard(),
        }
    }
}

/// The state that the imported functions work on; the data of the store.
pub struct Host {
    pub(crate) files: Files,
    pub(crate) arguments: Vec<String>,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) stdout: Sink,
    pub(crate) stderr: Sink,
    pub(crate) handles: Handles,
    pub(crate) memory: Option<Memory>,
    pub(crate) reallocate: Option<TypedFunc<(u32, u32, u32, u32), u32>>,
    monotonic: u64,
    random: ChaCha20Rng,
}

impl Host {
    /// A host at its first moment.
    pub fn new(configuration: HostConfiguration) -> Host {
        Host {
            files: configuration.files,
            arguments: configuration.arguments,
            environment: configuration.environment,
            stdout: configuration.stdout,
            stderr: configuration.stderr,
            handles: Handles::default(),
            memory: None,
            reallocate: None,
            monotonic: 0,
            random: ChaCha20Rng::from_seed(configuration.seed),
        }
    }

    /// The file system, with what the program wrote.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Takes the file system out of the host.
    pub fn into_files(self) -> Files {
        self.files
    }

    /// Gives the host another seed: the bytes that follow depend on nothing that came before.
    pub fn reseed(&mut self, seed: [u8; 32]) {
        self.random = ChaCha20Rng::from_seed(seed);
    }

    /// The monotonic clock in nanoseconds; each look lets a little time pass.
    pub(crate) fn now(&mut self) -> u64 {
        self.monotonic += TICK_NANOSECONDS;
        self.monotonic
    }

    /// Lets the clock run on to `instant`, if that is still to come: nothing here ever waits for real.
    pub(crate) fn wait_until(&mut self, instant: u64) {
        self.monotonic = self.monotonic.max(instant);
    }

    /// Whether that time of the monotonic clock has come.
    pub(crate) fn has_come(&self, instant: u64) -> bool {
        instant <= self.monotonic
    }

    /// The wall clock: seconds and nanoseconds since 1970.
    pub(crate) fn wall_clock(&mut self) -> (u64, u32) {
        let now = self.now();
        (EPOCH_SECONDS + now / 1_000_000_000, (now % 1_000_000_000) as u32)
    }

    /// The next random bytes.
    pub(crate) fn random_bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.random.fill_bytes(&mut bytes);
        bytes
    }

    /// The next random number.
    pub(crate) fn random_number(&mut self) -> u64 {
        self.random.next_u64()
    }
}

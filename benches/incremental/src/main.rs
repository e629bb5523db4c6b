//! Compiles components with Wasmtime's cache of functions (`CacheStore`), and tells how many functions of one are found after another was compiled.
//!
//!     ampoule-incremental FIRST SECOND
//!
//! Prints three lines for SECOND: compiled with an empty cache, compiled once more, and compiled after nothing but FIRST.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use wasmtime::component::Component;
use wasmtime::{CacheStore, Config, Engine};

/// A cache in memory that counts.
#[derive(Debug, Default)]
struct Store {
    functions: Mutex<HashMap<Vec<u8>, Vec<u8>>>,
    asked: AtomicU64,
    found: AtomicU64,
}

impl CacheStore for Store {
    fn get(&self, key: &[u8]) -> Option<Cow<'_, [u8]>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let functions = self.functions.lock().unwrap_or_else(PoisonError::into_inner);
        let function = functions.get(key)?;
        self.found.fetch_add(1, Ordering::Relaxed);
        Some(Cow::Owned(function.clone()))
    }

    fn insert(&self, key: &[u8], value: Vec<u8>) -> bool {
        let mut functions = self.functions.lock().unwrap_or_else(PoisonError::into_inner);
        functions.insert(key.to_vec(), value);
        true
    }
}

/// What a compilation took.
struct Compiled {
    seconds: f64,
    asked: u64,
    found: u64,
}

/// Compiles a component on one thread.
fn compile(store: &Arc<Store>, component: &[u8]) -> wasmtime::Result<Compiled> {
    let mut config = Config::new();
    config.enable_incremental_compilation(store.clone())?;
    let engine = Engine::new(&config)?;
    store.asked.store(0, Ordering::Relaxed);
    store.found.store(0, Ordering::Relaxed);
    let before = processor_seconds();
    Component::new(&engine, component)?;
    Ok(Compiled {
        seconds: processor_seconds() - before,
        asked: store.asked.load(Ordering::Relaxed),
        found: store.found.load(Ordering::Relaxed),
    })
}

/// The processor time that this process has used.
fn processor_seconds() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes to `time` alone.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn main() -> wasmtime::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [first, second] = &arguments[..] else {
        wasmtime::bail!("usage: ampoule-incremental FIRST SECOND");
    };
    let (first, second) = (std::fs::read(first)?, std::fs::read(second)?);
    let own = Arc::new(Store::default());
    let once = compile(&own, &second)?;
    let twice = compile(&own, &second)?;
    let shared = Arc::new(Store::default());
    compile(&shared, &first)?;
    let after = compile(&shared, &second)?;
    for (how, compiled) in [("alone", once), ("again", twice), ("after the first", after)] {
        let Compiled { seconds, asked, found } = compiled;
        let percent = 100.0 * found as f64 / asked.max(1) as f64;
        println!("{how:16} {seconds:6.2} s   {found:6} of {asked} functions found: {percent:.1} %");
    }
    Ok(())
}

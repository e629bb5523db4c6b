//! The one engine configuration that every stage compiles and runs with.

use crate::HostError;
use std::sync::OnceLock;
use wasmtime::{Config, Engine, OptLevel};

/// How much native stack a module may use: deep Python recursion meets the guest's own limit first.
const WASM_STACK: usize = 128 << 20;

/// The native stack of a thread that runs a module: the module's part and the host's own frames.
const THREAD_STACK: usize = WASM_STACK + (32 << 20);

/// The engine that modules are precompiled and run with.
///
/// Floats give canonical NaNs, relaxed SIMD is exact, and code is compiled for the plain architecture, so that
/// neither the code nor what it computes depends on the processor that the build happens to run on.
pub fn engine() -> Result<Engine, HostError> {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    if let Some(engine) = ENGINE.get() {
        return Ok(engine.clone());
    }
    let created = Engine::new(&configuration()?).map_err(HostError::Engine)?;
    Ok(ENGINE.get_or_init(|| created).clone())
}

/// The target triple that [`engine`] compiles for: it belongs to the key of a precompiled module.
pub fn target() -> String {
    target_lexicon::HOST.to_string()
}

fn configuration() -> Result<Config, HostError> {
    let mut config = Config::new();
    config.target(&target()).map_err(HostError::Engine)?;
    config.cranelift_nan_canonicalization(true);
    config.relaxed_simd_deterministic(true);
    config.cranelift_opt_level(OptLevel::Speed);
    config.wasm_tail_call(true);
    config.wasm_multi_memory(true);
    config.wasm_extended_const(true);
    config.async_stack_size(WASM_STACK);
    config.max_wasm_stack(WASM_STACK);
    Ok(config)
}

/// The name of the file that has a side module precompiled, by the sha256 of the side module in hexadecimal digits.
pub fn precompiled_name(sha256: &str) -> String {
    format!("{sha256}.cwasm")
}

/// Compiles a module for [`engine`] into the bytes of a `.cwasm` file.
pub fn precompile(module: &[u8]) -> Result<Vec<u8>, HostError> {
    engine()?.precompile_module(module).map_err(HostError::Compile)
}

/// Runs `work` on a thread whose stack is large enough for [`engine`]'s modules.
pub fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, HostError> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("ampoule-guest".to_owned())
            .stack_size(THREAD_STACK)
            .spawn_scoped(scope, work)
            .map_err(HostError::Thread)?;
        Ok(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

/// Loads a module that [`precompile`] wrote.
///
/// The file must be one that this build's own stages wrote: its code is run as it is.
pub fn load_precompiled(path: &std::path::Path) -> Result<wasmtime::Module, HostError> {
    // SAFETY: the stages give only their own outputs here, whose digests their records hold.
    let module = unsafe { wasmtime::Module::deserialize_file(&engine()?, path) };
    module.map_err(|source| HostError::Precompiled {
        path: path.display().to_string(),
        source,
    })
}

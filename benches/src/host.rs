//! The host that the components run in: Wasmtime with WASI, on demand or pooling.

use crate::component::Built;
use crate::error::Error;
use wasmtime::component::{Component, InstancePre, Linker, ResourceTable};
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// What a store holds.
pub struct State {
    context: WasiCtx,
    table: ResourceTable,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.context,
            table: &mut self.table,
        }
    }
}

/// A fresh store.
pub fn store(engine: &Engine) -> Store<State> {
    let state = State {
        context: WasiCtx::builder().build(),
        table: ResourceTable::new(),
    };
    Store::new(engine, state)
}

/// Where an engine takes the memories of its instances from.
#[derive(Clone, Copy, Debug)]
pub enum Allocation {
    /// Mapped for each instance.
    OnDemand,
    /// Reserved beforehand, as servers do.
    Pooling,
}

impl Allocation {
    /// Its name, for the table.
    pub fn name(self) -> &'static str {
        match self {
            Allocation::OnDemand => "on demand",
            Allocation::Pooling => "pooling",
        }
    }

    /// An engine with it, and with Wasmtime's defaults otherwise.
    pub fn engine(self) -> wasmtime::Result<Engine> {
        let mut config = Config::new();
        if let Allocation::Pooling = self {
            config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
        }
        Engine::new(&config)
    }
}

/// Room for one instance of a component of many modules.
fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(2)
        .total_core_instances(200)
        .total_memories(20)
        .total_tables(200)
        .max_core_instances_per_component(100)
        .max_memories_per_component(10)
        .max_tables_per_component(100)
        .max_component_instance_size(16 << 20)
        .max_core_instance_size(16 << 20)
        .max_memory_size(1 << 30)
        .table_elements(100_000);
    pool
}

/// Compiles a component ahead of time, loads the result as a server does, and links it.
pub fn prepare(engine: &Engine, built: &Built) -> Result<InstancePre<State>, Error> {
    let link = || {
        let compiled = Component::new(engine, &built.bytes)?.serialize()?;
        // SAFETY: the bytes are those that the line above made.
        let component = unsafe { Component::deserialize(engine, &compiled)? };
        let mut linker = Linker::new(engine);
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
        linker.instantiate_pre(&component)
    };
    link().map_err(Error::component(&built.builder))
}

//! The imports of the component: thermometers, of which one never answers.

use crate::bindings::example::asynchronous::thermometers;
use std::sync::Arc;
use wasmtime::component::{Accessor, HasSelf, ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// What the component's store holds.
pub struct Host {
    context: WasiCtx,
    table: ResourceTable,
    /// Who waits for an answer holds a copy.
    waiting: Arc<()>,
}

impl Host {
    /// A host that shows what the component prints.
    pub fn new() -> Host {
        Host {
            context: WasiCtx::builder().inherit_stdout().inherit_stderr().build(),
            table: ResourceTable::new(),
            waiting: Arc::default(),
        }
    }

    /// How many calls of imports are under way.
    pub fn waiting(&self) -> usize {
        Arc::strong_count(&self.waiting) - 1
    }
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.context,
            table: &mut self.table,
        }
    }
}

impl thermometers::Host for Host {}

impl thermometers::HostWithStore<Host> for HasSelf<Host> {
    /// If the component cancels the call, this future is dropped.
    async fn measure(accessor: &Accessor<Host, Self>, place: String) -> Result<f64, String> {
        let _waiting = accessor.with(|mut store| store.get().waiting.clone());
        tokio::task::yield_now().await;
        match place.as_str() {
            "Oslo" => Ok(4.5),
            "Lima" => Ok(19.0),
            "Cairo" => Ok(31.5),
            "Pluto" => std::future::pending().await,
            _ => Err(format!("there is no thermometer in {place}")),
        }
    }
}

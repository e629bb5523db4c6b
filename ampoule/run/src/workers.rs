//! Instances that answer many requests, several at once: of a component that exports wasi:http/handler of WASI 0.3.

use super::host::{Granted, Host};
use ampoule_action::print_message;
use std::future::{Future, pending};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep_until};
use wasmtime::component::GuestTaskId;
use wasmtime::{Engine, Store, StoreContextMut};
use wasmtime_wasi_http::WasiHttpView;
use wasmtime_wasi_http::handler::{
    HandlerState, Instance, ProxyHandler, ProxyPre, ShouldAccept, WorkerExpiration, WorkerState, WorkerStatus,
};
use wasmtime_wasi_http::p3::bindings::ServicePre;

/// As many requests as an instance answers at once.
const AT_ONCE: usize = 16;

/// As many requests as an instance answers in its life.
const IN_ALL: usize = 128;

/// How long an instance without requests is kept.
const IDLE: Duration = Duration::from_secs(1);

/// Gives requests to instances.
pub type Workers = ProxyHandler<Start>;

/// Starts instances.
pub struct Start {
    pub engine: Engine,
    pub service: ProxyPre<Host>,
    pub file: PathBuf,
    pub granted: Granted,
    room: Arc<Semaphore>,
}

impl Start {
    /// What gives requests to the instances of a component.
    pub fn workers(
        engine: &Engine,
        service: ServicePre<Host>,
        file: PathBuf,
        granted: Granted,
        room: Arc<Semaphore>,
    ) -> Workers {
        ProxyHandler::new(Start {
            engine: engine.clone(),
            service: ProxyPre::P3(service),
            file,
            granted,
            room,
        })
    }
}

impl HandlerState for Start {
    type StoreData = Host;
    type WorkerExpiration = Patience;
    type WorkerState = Limits;

    async fn instantiate(&self) -> wasmtime::Result<Instance<Host, Patience, Limits>> {
        let place = self.room.clone().acquire_owned().await?;
        let mut store = Store::new(&self.engine, Host::new(&self.file, &self.granted, &[])?);
        let proxy = self.service.instantiate_async(&mut store).await?;
        Ok(Instance {
            store,
            proxy,
            view: Host::http,
            expiration: Patience(None),
            state: Limits { _place: place },
        })
    }
}

/// Ends an instance that has nothing to do.
pub struct Patience(Option<Pin<Box<Sleep>>>);

impl WorkerExpiration for Patience {
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>, status: WorkerStatus, start: Instant) -> Poll<()> {
        if status != WorkerStatus::Idle {
            self.0 = None;
            return Poll::Pending;
        }
        let end = (start + IDLE).into();
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep_until(end)));
        if sleep.deadline() != end {
            sleep.as_mut().reset(end);
        }
        sleep.as_mut().poll(context)
    }
}

/// What an instance takes on, as long as it has its place.
pub struct Limits {
    _place: OwnedSemaphorePermit,
}

impl WorkerState for Limits {
    type StoreData = Host;
    type RequestData = ();

    fn should_accept_request(&self, at_once: usize, in_all: usize) -> ShouldAccept {
        match (at_once, in_all) {
            (_, IN_ALL..) => ShouldAccept::Never,
            (AT_ONCE.., _) => ShouldAccept::No,
            _ => ShouldAccept::Yes,
        }
    }

    fn on_request_start(
        &self,
        _: StoreContextMut<'_, Host>,
        (): (),
        _: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + 'static + Send + Sync>> {
        Box::pin(pending())
    }

    fn drop(&self, _: Store<Host>, result: wasmtime::Result<()>) {
        if let Err(error) = result {
            print_message(format_args!("error: an instance has failed: {error:#}"));
        }
    }
}

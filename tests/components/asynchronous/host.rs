//! A host of `tests/apps/asynchronous`, whose functions take their time.

use ampoule_support::{ampoule, copy, root, succeed};
use futures::future::{BoxFuture, join_all};
use std::pin::Pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;
use wasmtime::component::{
    Accessor, Component, Destination, FutureReader, Linker, ResourceTable, Source, StreamConsumer, StreamProducer,
    StreamReader, StreamResult, Val, VecBuffer,
};
use wasmtime::{Config, Engine, OptLevel, ResourceLimiter, Store, StoreContextMut};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

pub struct State {
    context: WasiCtx,
    table: ResourceTable,
    memory: usize,
}

impl ResourceLimiter for State {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.memory = desired;
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.context,
            table: &mut self.table,
        }
    }
}

/// The component, built and compiled once.
pub struct App {
    component: Component,
}

impl App {
    pub fn get() -> &'static App {
        static APP: OnceLock<App> = OnceLock::new();
        APP.get_or_init(|| {
            let scratch = copy(&root().join("tests/apps/asynchronous"));
            let printed = succeed(ampoule(scratch.path()).arg("build"));
            let mut configuration = Config::new();
            configuration.cranelift_opt_level(OptLevel::None);
            configuration.wasm_component_model_async(true);
            let engine = Engine::new(&configuration).expect("an engine");
            let file = scratch.path().join(printed.trim_end());
            let component = Component::from_file(&engine, file).expect("the component is valid");
            App { component }
        })
    }

    pub fn start(&self) -> Instance {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let engine = self.component.engine();
        let state = State {
            context: WasiCtx::builder().inherit_stderr().build(),
            table: ResourceTable::new(),
            memory: 0,
        };
        let mut store = Store::new(engine, state);
        store.limiter(|state| state);
        let linker = linker(engine).expect("each function is there once");
        let instance = runtime
            .block_on(linker.instantiate_async(&mut store, &self.component))
            .expect("it has all imports");
        Instance {
            runtime,
            store,
            instance,
        }
    }
}

pub struct Instance {
    runtime: tokio::runtime::Runtime,
    store: Store<State>,
    instance: wasmtime::component::Instance,
}

impl Instance {
    /// How large its linear memory is.
    pub fn memory(&self) -> usize {
        self.store.data().memory
    }

    /// How many tasks, sets, ends of streams and the like the host has of it.
    pub fn left(&mut self) -> usize {
        self.store.concurrent_state_table_size()
    }

    /// Makes a call.
    pub fn call(&mut self, name: &str, arguments: &[Val]) -> wasmtime::Result<Val> {
        let mut results = self.call_all(&[(name, arguments.to_vec())])?;
        Ok(results.remove(0))
    }

    /// Makes calls at once.
    pub fn call_all(&mut self, calls: &[(&str, Vec<Val>)]) -> wasmtime::Result<Vec<Val>> {
        let order = Mutex::new(Vec::new());
        self.make(calls, &order)
    }

    /// Makes calls at once; gives their names in the order in which they return.
    pub fn order(&mut self, calls: &[(&str, Vec<Val>)]) -> wasmtime::Result<Vec<String>> {
        let order = Mutex::new(Vec::new());
        self.make(calls, &order)?;
        Ok(order.into_inner().unwrap())
    }

    fn make(&mut self, calls: &[(&str, Vec<Val>)], order: &Mutex<Vec<String>>) -> wasmtime::Result<Vec<Val>> {
        let functions: Vec<_> = calls
            .iter()
            .map(|(name, _)| {
                self.instance
                    .get_func(&mut self.store, *name)
                    .expect("the world exports it")
            })
            .collect();
        let store = &mut self.store;
        let results = self.runtime.block_on(async {
            let made = store.run_concurrent(async |accessor| {
                let calls = functions
                    .iter()
                    .zip(calls)
                    .map(|(function, (name, arguments))| async move {
                        let mut result = [Val::Bool(false)];
                        let ty = accessor.with(|store| function.ty(&store));
                        let count = ty.results().len();
                        let called = function
                            .call_concurrent(accessor, arguments, &mut result[..count])
                            .await;
                        order.lock().unwrap().push(name.to_string());
                        let [result] = result;
                        called.map(|()| result)
                    });
                join_all(calls).await
            });
            tokio::time::timeout(Duration::from_secs(60), made)
                .await
                .expect("it comes to an end")
        })?;
        results.into_iter().collect()
    }

    /// Sends bytes through `echo`.
    pub fn echo(&mut self, bytes: Vec<u8>) -> wasmtime::Result<Vec<u8>> {
        let function = self
            .instance
            .get_typed_func::<(StreamReader<u8>,), (StreamReader<u8>,)>(&mut self.store, "echo")?;
        let length = bytes.len();
        let received = Arc::new(Mutex::new(Vec::new()));
        let (sender, done) = tokio::sync::oneshot::channel();
        let store = &mut self.store;
        self.runtime.block_on(async {
            store
                .run_concurrent(async |accessor| {
                    let sent = accessor.with(|store| StreamReader::new(store, bytes))?;
                    let (echoed,) = function.call_concurrent(accessor, (sent,)).await?;
                    let consumer = Collect {
                        items: received.clone(),
                        at_a_time: 10_000,
                        done: Some(sender),
                    };
                    accessor.with(|store| echoed.pipe(store, consumer))?;
                    done.await.ok();
                    wasmtime::error::Ok(())
                })
                .await?
        })?;
        let received = std::mem::take(&mut *received.lock().unwrap());
        assert_eq!(received.len(), length);
        Ok(received)
    }
}

/// Takes all items, so many at a time.
struct Collect<T> {
    items: Arc<Mutex<Vec<T>>>,
    at_a_time: usize,
    done: Option<tokio::sync::oneshot::Sender<()>>,
}

impl<T> Drop for Collect<T> {
    fn drop(&mut self) {
        if let Some(done) = self.done.take() {
            let _ = done.send(());
        }
    }
}

impl<T: wasmtime::component::Lift + Send + Unpin + 'static> StreamConsumer<State> for Collect<T> {
    type Item = T;

    fn poll_consume(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        store: StoreContextMut<State>,
        mut source: Source<'_, T>,
        _: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let this = self.get_mut();
        let mut buffer = Vec::with_capacity(this.at_a_time);
        source.read(store, &mut buffer)?;
        this.items.lock().unwrap().append(&mut buffer);
        Poll::Ready(Ok(StreamResult::Completed))
    }
}

/// Gives bytes in pieces.
struct Pieces {
    given: u64,
    length: u64,
    piece: usize,
}

impl StreamProducer<State> for Pieces {
    type Item = u8;
    type Buffer = VecBuffer<u8>;

    fn poll_produce<'a>(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: StoreContextMut<'a, State>,
        mut destination: Destination<'a, u8, VecBuffer<u8>>,
        _: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let end = self.length.min(self.given + self.piece as u64);
        let bytes: Vec<u8> = (self.given..end).map(|number| number as u8).collect();
        self.given = end;
        destination.set_buffer(bytes.into());
        Poll::Ready(Ok(match end == self.length {
            true => StreamResult::Dropped,
            false => StreamResult::Completed,
        }))
    }
}

/// Counts what is under way.
struct Counted(Arc<AtomicU32>);

impl Counted {
    fn new(counter: &Arc<AtomicU32>) -> Counted {
        counter.fetch_add(1, Ordering::Relaxed);
        Counted(counter.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn collect<T: wasmtime::component::Lift + Send + Unpin + 'static>(
    accessor: &Accessor<State>,
    reader: StreamReader<T>,
    at_a_time: usize,
) -> wasmtime::Result<Vec<T>> {
    let items = Arc::new(Mutex::new(Vec::new()));
    let (sender, done) = tokio::sync::oneshot::channel();
    let consumer = Collect {
        items: items.clone(),
        at_a_time,
        done: Some(sender),
    };
    accessor.with(|store| reader.pipe(store, consumer))?;
    done.await.ok();
    let items = std::mem::take(&mut *items.lock().unwrap());
    Ok(items)
}

type Answer<'a, T> = BoxFuture<'a, wasmtime::Result<(T,)>>;

fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    let mut host = linker.instance("test:asynchronous/host")?;
    let under_way = Arc::new(AtomicU32::new(0));
    let counter = under_way.clone();
    host.func_wrap_concurrent("after", move |_, (milliseconds, number): (u32, u32)| -> Answer<u32> {
        let counted = Counted::new(&counter);
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
            drop(counted);
            Ok((number,))
        })
    })?;
    host.func_wrap_concurrent("at-once", |_, (number,): (u32,)| -> Answer<u32> {
        Box::pin(async move { Ok((number,)) })
    })?;
    host.func_wrap("under-way", move |_, ()| Ok((under_way.load(Ordering::Relaxed),)))?;
    host.func_wrap("bytes", |store, (length, piece): (u64, u32)| {
        let producer = Pieces {
            given: 0,
            length,
            piece: piece as usize,
        };
        Ok((StreamReader::new(store, producer)?,))
    })?;
    host.func_wrap_concurrent(
        "sum",
        |accessor, (items, at_a_time): (StreamReader<u32>, u32)| -> Answer<u64> {
            Box::pin(async move {
                let items = collect(accessor, items, at_a_time as usize).await?;
                Ok((items.into_iter().map(u64::from).sum(),))
            })
        },
    )?;
    host.func_wrap_concurrent("count", |accessor, (bytes,): (StreamReader<u8>,)| -> Answer<u64> {
        Box::pin(async move { Ok((collect(accessor, bytes, 5000).await?.len() as u64,)) })
    })?;
    host.func_wrap_concurrent("get", |accessor, (text,): (FutureReader<String>,)| -> Answer<String> {
        Box::pin(async move {
            let (sender, done) = tokio::sync::oneshot::channel();
            accessor.with(|store| text.pipe(store, Receive(Some(sender))))?;
            Ok((done.await.map_err(|_| wasmtime::Error::msg("no text came"))?,))
        })
    })?;
    host.func_wrap("later", |store, (milliseconds, text): (u32, String)| {
        let later = async move {
            tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
            wasmtime::error::Ok(text)
        };
        Ok((FutureReader::new(
            store,
            Box::pin(later) as BoxFuture<'static, wasmtime::Result<String>>,
        )?,))
    })?;
    host.func_wrap("forget", |store, (mut items,): (StreamReader<String>,)| {
        items.close(store)
    })?;
    Ok(linker)
}

/// Passes a text on.
struct Receive(Option<tokio::sync::oneshot::Sender<String>>);

impl wasmtime::component::FutureConsumer<State> for Receive {
    type Item = String;

    fn poll_consume(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        store: StoreContextMut<State>,
        mut source: Source<'_, String>,
        _: bool,
    ) -> Poll<wasmtime::Result<()>> {
        let mut text = None;
        source.read(store, &mut text)?;
        if let (Some(text), Some(sender)) = (text, self.get_mut().0.take()) {
            let _ = sender.send(text);
        }
        Poll::Ready(Ok(()))
    }
}

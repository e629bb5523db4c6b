//! Hosts of asynchronous components, and one of `tests/apps/asynchronous`, whose functions take their time.

use ampoule_support::{ampoule, copy, root, succeed};
use futures::future::{BoxFuture, join_all};
use std::path::Path;
use std::pin::Pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;
use wasmtime::component::{
    Accessor, Component, ComponentNamedList, Destination, Func, FutureConsumer, FutureReader, Lift, Linker,
    LinkerInstance, Lower, Resource, ResourceTable, ResourceType, Source, StreamConsumer, StreamProducer, StreamReader,
    StreamResult, TypedFunc, Val, VecBuffer,
};
use wasmtime::{Config, Engine, OptLevel, ResourceLimiter, Store, StoreContextMut};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// As long as work in a store may take.
const LONGEST: Duration = Duration::from_secs(300);

pub struct State {
    pub context: WasiCtx,
    pub table: ResourceTable,
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

/// A component, built and compiled once.
pub struct App {
    pub component: Component,
}

impl App {
    /// `tests/apps/asynchronous`.
    pub fn get() -> &'static App {
        static APP: OnceLock<App> = OnceLock::new();
        APP.get_or_init(|| App::build("asynchronous"))
    }

    /// Builds an app of `tests/apps`.
    pub fn build(name: &str) -> App {
        App::build_with(name, |_| {})
    }

    /// Builds an app of `tests/apps` in whose folder something is changed.
    pub fn build_with(name: &str, change: impl FnOnce(&Path)) -> App {
        let scratch = copy(&root().join("tests/apps").join(name));
        change(scratch.path());
        let printed = succeed(ampoule(scratch.path()).arg("build"));
        App::load(&scratch.path().join(printed.trim_end()))
    }

    /// Loads a component from its file.
    pub fn load(file: &Path) -> App {
        let mut configuration = Config::new();
        configuration.cranelift_opt_level(OptLevel::None);
        configuration.wasm_component_model_async(true);
        let engine = Engine::new(&configuration).expect("an engine");
        let component = Component::from_file(&engine, file).expect("the component is valid");
        App { component }
    }

    /// A new instance in the host of `tests/apps/asynchronous`.
    pub fn start(&self) -> Instance {
        self.start_in(&linker(self.component.engine()).expect("each function is there once"))
    }

    /// A new instance in a host that prints what it prints.
    pub fn start_in(&self, linker: &Linker<State>) -> Instance {
        self.start_with(linker, WasiCtx::builder().inherit_stderr().build())
    }

    /// A new instance, with what the host grants.
    pub fn start_with(&self, linker: &Linker<State>, context: WasiCtx) -> Instance {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let state = State {
            context,
            table: ResourceTable::new(),
            memory: 0,
        };
        let mut store = Store::new(self.component.engine(), state);
        store.limiter(|state| state);
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
    pub store: Store<State>,
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

    /// A function of the world, or of an interface that stands before it: `interface#function`.
    pub fn function(&mut self, name: &str) -> Func {
        let (interface, name) = match name.split_once('#') {
            Some((interface, name)) => (Some(interface), name),
            None => (None, name),
        };
        let (store, instance) = (&mut self.store, self.instance);
        let interface = interface.map(|name| {
            let index = instance.get_export_index(&mut *store, None, name);
            index.expect("the world exports the interface")
        });
        let index = instance.get_export_index(&mut *store, interface.as_ref(), name);
        let function = index.and_then(|index| instance.get_func(&mut *store, index));
        function.unwrap_or_else(|| panic!("{name} is exported"))
    }

    /// A function with these types.
    pub fn typed<P, R>(&mut self, name: &str) -> TypedFunc<P, R>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        let function = self.function(name);
        function.typed(&self.store).expect("it has these types")
    }

    /// Does in the store what takes its time.
    pub fn run<T>(&mut self, work: impl AsyncFnOnce(&Accessor<State>) -> wasmtime::Result<T>) -> wasmtime::Result<T> {
        let store = &mut self.store;
        self.runtime.block_on(async {
            let done = tokio::time::timeout(LONGEST, store.run_concurrent(work));
            match done.await {
                Ok(done) => done?,
                Err(_) => wasmtime::bail!("it does not come to an end"),
            }
        })
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
        let functions: Vec<_> = calls.iter().map(|(name, _)| self.function(name)).collect();
        let results = self.run(async |accessor| {
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
            Ok(join_all(calls).await)
        })?;
        results.into_iter().collect()
    }

    /// Sends bytes through `echo`.
    pub fn echo(&mut self, bytes: Vec<u8>) -> wasmtime::Result<Vec<u8>> {
        let echo = self.typed::<(StreamReader<u8>,), (StreamReader<u8>,)>("echo");
        self.run(async |accessor| {
            let sent = accessor.with(|store| StreamReader::new(store, bytes))?;
            let (echoed,) = echo.call_concurrent(accessor, (sent,)).await?;
            collect(accessor, echoed, Reading::at_a_time(10_000)).await
        })
    }
}

/// How a host reads: so many items at a time, and after a pause each time.
#[derive(Clone, Copy)]
pub struct Reading {
    pub at_a_time: usize,
    pub pause: Option<Duration>,
}

impl Reading {
    pub fn at_a_time(at_a_time: usize) -> Reading {
        Reading { at_a_time, pause: None }
    }
}

/// What is over after a while.
pub type Pause = BoxFuture<'static, ()>;

/// A pause of so long, or none.
pub fn pause(duration: Option<Duration>) -> Pause {
    match duration {
        Some(duration) => Box::pin(tokio::time::sleep(duration)),
        None => Box::pin(std::future::ready(())),
    }
}

/// Gives all items at once, after a pause.
pub struct Give<T> {
    items: Vec<T>,
    pause: Pause,
}

impl<T> Give<T> {
    pub fn after(delay: Option<Duration>, items: Vec<T>) -> Give<T> {
        let pause = pause(delay);
        Give { items, pause }
    }
}

impl<T: Send + Sync + Unpin + 'static> StreamProducer<State> for Give<T> {
    type Item = T;
    type Buffer = VecBuffer<T>;

    fn poll_produce<'a>(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        _: StoreContextMut<'a, State>,
        mut destination: Destination<'a, T, VecBuffer<T>>,
        is_cancelled: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let this = self.get_mut();
        if this.pause.as_mut().poll(context).is_pending() {
            return nothing_yet(is_cancelled);
        }
        this.pause = pause(None);
        destination.set_buffer(std::mem::take(&mut this.items).into());
        Poll::Ready(Ok(StreamResult::Dropped))
    }
}

/// The answer of a producer that has nothing yet.
pub fn nothing_yet(is_cancelled: bool) -> Poll<wasmtime::Result<StreamResult>> {
    match is_cancelled {
        true => Poll::Ready(Ok(StreamResult::Cancelled)),
        false => Poll::Pending,
    }
}

/// Takes all items.
struct Collect<T> {
    items: Arc<Mutex<Vec<T>>>,
    reading: Reading,
    pause: Pause,
    done: Option<tokio::sync::oneshot::Sender<()>>,
}

impl<T> Drop for Collect<T> {
    fn drop(&mut self) {
        if let Some(done) = self.done.take() {
            let _ = done.send(());
        }
    }
}

impl<T: Lift + Send + Unpin + 'static> StreamConsumer<State> for Collect<T> {
    type Item = T;

    fn poll_consume(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        store: StoreContextMut<State>,
        mut source: Source<'_, T>,
        _: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let this = self.get_mut();
        std::task::ready!(this.pause.as_mut().poll(context));
        this.pause = pause(this.reading.pause);
        let mut buffer = Vec::with_capacity(this.reading.at_a_time);
        source.read(store, &mut buffer)?;
        this.items.lock().unwrap().append(&mut buffer);
        Poll::Ready(Ok(StreamResult::Completed))
    }
}

/// All items of a stream.
pub async fn collect<T: Lift + Send + Unpin + 'static>(
    accessor: &Accessor<State>,
    reader: StreamReader<T>,
    reading: Reading,
) -> wasmtime::Result<Vec<T>> {
    let items = Arc::new(Mutex::new(Vec::new()));
    let (sender, done) = tokio::sync::oneshot::channel();
    let consumer = Collect {
        items: items.clone(),
        reading,
        pause: pause(reading.pause),
        done: Some(sender),
    };
    accessor.with(|store| reader.pipe(store, consumer))?;
    done.await.ok();
    let items = std::mem::take(&mut *items.lock().unwrap());
    Ok(items)
}

/// Passes a future's value on, after a pause.
struct Receive<T> {
    pause: Pause,
    sender: Option<tokio::sync::oneshot::Sender<T>>,
}

impl<T: Lift + Send + 'static> FutureConsumer<State> for Receive<T> {
    type Item = T;

    fn poll_consume(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        store: StoreContextMut<State>,
        mut source: Source<'_, T>,
        _: bool,
    ) -> Poll<wasmtime::Result<()>> {
        let this = self.get_mut();
        std::task::ready!(this.pause.as_mut().poll(context));
        let mut value = None;
        source.read(store, &mut value)?;
        if let (Some(value), Some(sender)) = (value, this.sender.take()) {
            let _ = sender.send(value);
        }
        Poll::Ready(Ok(()))
    }
}

/// The value of a future.
pub async fn receive<T: Lift + Send + 'static>(
    accessor: &Accessor<State>,
    reader: FutureReader<T>,
    delay: Option<Duration>,
) -> wasmtime::Result<T> {
    let (sender, done) = tokio::sync::oneshot::channel();
    let consumer = Receive {
        pause: pause(delay),
        sender: Some(sender),
    };
    accessor.with(|store| reader.pipe(store, consumer))?;
    done.await.map_err(|_| wasmtime::Error::msg("no value came"))
}

/// A future that has a value after a while.
pub fn later<T: Lower + Lift + Send + Sync + 'static>(
    store: impl wasmtime::AsContextMut<Data = State>,
    delay: Option<Duration>,
    value: T,
) -> wasmtime::Result<FutureReader<T>> {
    let value: BoxFuture<'static, wasmtime::Result<T>> = Box::pin(async move {
        pause(delay).await;
        Ok(value)
    });
    FutureReader::new(store, value)
}

/// A type of resources, which are values in the host's table.
pub fn add_resource<T: Send + 'static>(interface: &mut LinkerInstance<State>, name: &str) -> wasmtime::Result<()> {
    interface.resource(name, ResourceType::host::<T>(), |mut store, number| {
        store.data_mut().table.delete(Resource::<T>::new_own(number))?;
        Ok(())
    })
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
pub struct Counted(Arc<AtomicU32>);

impl Counted {
    pub fn new(counter: &Arc<AtomicU32>) -> Counted {
        counter.fetch_add(1, Ordering::Relaxed);
        Counted(counter.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What an asynchronous function of the host gives.
pub type Answer<'a, T> = BoxFuture<'a, wasmtime::Result<(T,)>>;

/// `after`, which gives a number back after so many milliseconds, and is counted as long as it is under way.
pub fn add_after(host: &mut LinkerInstance<State>, under_way: Arc<AtomicU32>) -> wasmtime::Result<()> {
    host.func_wrap_concurrent("after", move |_, (milliseconds, number): (u32, u32)| -> Answer<u32> {
        let counted = Counted::new(&under_way);
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
            drop(counted);
            Ok((number,))
        })
    })
}

fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    let mut host = linker.instance("test:asynchronous/host")?;
    let under_way = Arc::new(AtomicU32::new(0));
    add_after(&mut host, under_way.clone())?;
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
                let items = collect(accessor, items, Reading::at_a_time(at_a_time as usize)).await?;
                Ok((items.into_iter().map(u64::from).sum(),))
            })
        },
    )?;
    host.func_wrap_concurrent("count", |accessor, (bytes,): (StreamReader<u8>,)| -> Answer<u64> {
        Box::pin(async move { Ok((collect(accessor, bytes, Reading::at_a_time(5000)).await?.len() as u64,)) })
    })?;
    host.func_wrap_concurrent("get", |accessor, (text,): (FutureReader<String>,)| -> Answer<String> {
        Box::pin(async move { Ok((receive(accessor, text, None).await?,)) })
    })?;
    host.func_wrap("later", |store, (milliseconds, text): (u32, String)| {
        Ok((later(store, Some(Duration::from_millis(milliseconds.into())), text)?,))
    })?;
    host.func_wrap("forget", |store, (mut items,): (StreamReader<String>,)| {
        items.close(store)
    })?;
    Ok(linker)
}

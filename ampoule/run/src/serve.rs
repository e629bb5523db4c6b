//! A component that answers HTTP requests: it exports wasi:http/incoming-handler of WASI 0.2, then each request has an instance of its
//! own, or wasi:http/handler of 0.3.

use super::body::{Reason, Written};
use super::error::Error;
use super::exports::{self, Export};
use super::host::{self, Granted, Host};
use super::processes;
use super::received::Received;
use super::workers::{Start, Workers};
use ampoule_action::{print_message, print_result};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HOST, HeaderValue};
use hyper::http::uri::Scheme as UriScheme;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, Uri, Version};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use wasmtime::{Engine, Store};
use wasmtime_wasi_http::io::TokioIo;
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;
use wasmtime_wasi_http::p2::bindings::{Proxy as ProxyExports, ProxyPre};
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;
use wasmtime_wasi_http::p3::bindings::ServicePre;
use wasmtime_wasi_http::{Error as HttpError, WasiHttpView};

/// Answer HTTP requests with a component
#[derive(Debug, Clone, clap::Args)]
pub struct Serve {
    /// The component
    pub file: PathBuf,
    /// Where to listen; with port 0 at a free port. The address is printed
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub address: SocketAddr,
    /// How many requests an instance of WASI 0.2 answers, one after the other; of 0.3, hosts give an instance many at once
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    pub requests_per_instance: u32,
    /// How many processes answer requests, each on a core of its own. By default one; where each request has an instance of its own,
    /// of which processes make more than threads, one for each core, at most 4
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    pub processes: Option<u32>,
    /// What the component may use
    #[command(flatten)]
    pub granted: Granted,
}

/// How many processes a server has at most that was not told how many.
const PROCESSES: u32 = 4;

/// How many threads a process on one core has, so that a request that takes long is not waited for by the others.
const THREADS: usize = 4;

/// A component that answers requests, and what each of its instances may use.
pub struct Server {
    engine: Engine,
    served: RwLock<Served>,
}

/// What the next request is answered with.
#[derive(Clone)]
enum Served {
    /// Of WASI 0.2.
    Proxy(Proxy),
    /// Of WASI 0.3.
    Service(Workers),
}

/// What a new instance is made of, and instances that can answer another request.
#[derive(Clone)]
struct Proxy {
    proxy: ProxyPre<Host>,
    file: PathBuf,
    granted: Granted,
    requests_per_instance: u32,
    idle: Arc<Mutex<Vec<Instance>>>,
    room: Arc<Semaphore>,
}

/// An instance of WASI 0.2.
struct Instance {
    store: Store<Host>,
    exports: ProxyExports,
    answered: u32,
    _place: OwnedSemaphorePermit,
}

impl Proxy {
    /// An instance that waits, or a new one.
    async fn instance(&self, engine: &Engine) -> wasmtime::Result<Instance> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(instance) = idle {
            return Ok(instance);
        }
        let place = self.room.clone().acquire_owned().await?;
        let mut store = Store::new(engine, Host::new(&self.file, &self.granted, &[])?);
        let exports = self.proxy.instantiate_async(&mut store).await?;
        Ok(Instance {
            store,
            exports,
            answered: 0,
            _place: place,
        })
    }

    /// Keeps an instance that has answered a request, if it may answer more.
    fn keep(&self, mut instance: Instance) {
        instance.answered += 1;
        if instance.answered < self.requests_per_instance {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(instance);
        }
    }
}

/// Serves until the process is ended. What Wasmtime compiles is kept in the cache in this folder, if there is one.
pub fn serve(serve: &Serve, cache: Option<&Path>) -> Result<(), Error> {
    let given = processes::given().map_err(Error::Processes)?;
    let server = Arc::new(Server::for_many(serve, cache)?);
    let listener = match given {
        Some(listener) => listener,
        None => {
            let listener = listen(serve.address)?;
            let started = processes::start(&listener, server.processes(serve, cache));
            // What nobody has asked for need not be possible.
            started.or_else(|error| serve.processes.map_or(Ok(()), |_| Err(Error::Processes(error))))?;
            listener
        }
    };
    runtime()?.block_on(server.answer_all(listener))
}

fn runtime() -> Result<Runtime, Error> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let threads = if cores == 1 { THREADS } else { cores };
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(threads).enable_all();
    builder.build().map_err(Error::Runtime)
}

impl Server {
    /// A server of a component, which does not listen yet.
    pub fn new(serve: &Serve, cache: Option<&Path>) -> Result<Server, Error> {
        Server::with(host::engine().map_err(Error::Engine)?, serve, cache)
    }

    /// One that starts later, and whose instances start sooner; an ordinary one where this process may not have the address space for all
    /// of them, or the component is larger than such instances are.
    fn for_many(serve: &Serve, cache: Option<&Path>) -> Result<Server, Error> {
        let pooled = host::pooling_engine().map(|engine| Server::with(engine, serve, cache));
        match pooled {
            Ok(Ok(server)) => Ok(server),
            _ => Server::new(serve, cache),
        }
    }

    fn with(engine: Engine, serve: &Serve, cache: Option<&Path>) -> Result<Server, Error> {
        let served = RwLock::new(Served::new(&engine, serve, cache)?);
        Ok(Server { engine, served })
    }

    /// Answers with another component from now on; requests that are being answered keep theirs.
    pub fn replace(&self, serve: &Serve, cache: Option<&Path>) -> Result<(), Error> {
        let served = Served::new(&self.engine, serve, cache)?;
        *self.served.write().unwrap_or_else(PoisonError::into_inner) = served;
        Ok(())
    }

    /// Listens, then answers on threads of its own.
    pub fn start(self: Arc<Self>, address: SocketAddr) -> Result<(), Error> {
        let runtime = runtime()?;
        let listener = listen(address)?;
        std::thread::spawn(move || runtime.block_on(self.answer_all(listener)));
        Ok(())
    }

    async fn answer_all(self: Arc<Self>, listener: std::net::TcpListener) -> Result<(), Error> {
        let listener = TcpListener::from_std(listener).map_err(Error::Runtime)?;
        loop {
            match listener.accept().await {
                Ok((client, _)) => drop(tokio::spawn(converse(client, self.clone()))),
                Err(error) => print_message(format_args!("error: a connection was not made: {error}")),
            }
        }
    }

    /// In how many processes it is to answer. The others take from the cache what this one has compiled.
    fn processes(&self, serve: &Serve, cache: Option<&Path>) -> usize {
        let shares_nothing = serve.requests_per_instance == 1 && matches!(self.served(), Served::Proxy(_));
        let count = match serve.processes {
            Some(count) => count,
            None if shares_nothing && cache.is_some() => PROCESSES,
            None => 1,
        };
        count as usize
    }

    fn served(&self) -> Served {
        self.served.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Served {
    fn new(engine: &Engine, serve: &Serve, cache: Option<&Path>) -> Result<Served, Error> {
        let component = super::load(engine, &serve.file, &BTreeSet::new(), cache)?;
        let linker = super::wasi(engine)?;
        let instance = linker.instantiate_pre(&component).map_err(Error::Engine)?;
        Host::new(&serve.file, &serve.granted, &[])?;
        let (file, granted) = (serve.file.clone(), serve.granted.clone());
        let room = Arc::new(Semaphore::new(host::INSTANCES as usize));
        if let Ok(service) = ServicePre::new(instance.clone()) {
            return Ok(Served::Service(Start::workers(engine, service, file, granted, room)));
        }
        let proxy = ProxyPre::new(instance).map_err(|_| Error::NotServer {
            exports: exports::all(engine, &component).iter().map(Export::name).collect(),
        })?;
        Ok(Served::Proxy(Proxy {
            proxy,
            file,
            granted,
            requests_per_instance: serve.requests_per_instance,
            idle: Arc::default(),
            room,
        }))
    }
}

/// Listens at an address, and prints it.
fn listen(address: SocketAddr) -> Result<std::net::TcpListener, Error> {
    let failed = |error| Error::Listening { address, error };
    let listener = std::net::TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    print_result(format_args!("http://{address}"))?;
    Ok(listener)
}

/// Answers all requests of a connection.
pub async fn converse(client: impl AsyncRead + AsyncWrite + Unpin, server: Arc<Server>) {
    let service = service_fn(|request| answer(request, server.clone()));
    let served = http1::Builder::new()
        .serve_connection(TokioIo::new(client), service)
        .await;
    // What a component does wrong has been said of its request.
    if let Err(error) = served
        && !error.is_user()
    {
        print_message(format_args!("error: a connection broke: {error}"));
    }
}

/// The component's answer, or that of a server that has none.
async fn answer(request: Request<Incoming>, server: Arc<Server>) -> wasmtime::Result<Response<HyperOutgoingBody>> {
    let name = format!("{} {}", request.method(), request.uri());
    let Some(request) = with_host(request) else {
        return Ok(sentence(
            StatusCode::BAD_REQUEST,
            "the request does not name one host\n",
        ));
    };
    handle(Received::of(request), &name, &server).await.or_else(|error| {
        print_message(format_args!("error: {name} has no answer: {error:#}"));
        Ok(sentence(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the component gave no answer\n",
        ))
    })
}

/// A response of the server itself.
fn sentence(status: StatusCode, text: &'static str) -> Response<HyperOutgoingBody> {
    let body = Full::new(Bytes::from_static(text.as_bytes()));
    let mut response = Response::new(HyperOutgoingBody::new(body.map_err(|never| match never {})));
    *response.status_mut() = status;
    response
}

/// The request, if it names one host, as HTTP/1.1 asks for; one of HTTP/1.0 may name none, and is for this one.
fn with_host<B>(mut request: Request<B>) -> Option<Request<B>> {
    let hosts = request.headers().get_all(HOST).iter().count();
    if hosts == 0 && request.version() == Version::HTTP_10 {
        let here = HeaderValue::from_static("localhost");
        request.headers_mut().insert(HOST, here);
        return Some(request);
    }
    (hosts == 1).then_some(request)
}

/// Gives the request to an instance.
async fn handle(
    request: Request<Received>,
    name: &str,
    server: &Server,
) -> wasmtime::Result<Response<HyperOutgoingBody>> {
    match server.served() {
        Served::Proxy(proxy) => handle_alone(request, name, server, proxy).await,
        Served::Service(workers) => {
            let request = request.map(|body| body.map_err(HttpError::from).boxed_unsync());
            workers.handle((), with_authority(request)?).await
        }
    }
}

/// The request with the whole address that it was sent to: a client names the host in a header.
fn with_authority<B>(mut request: Request<B>) -> wasmtime::Result<Request<B>> {
    let mut uri = request.uri().clone().into_parts();
    if uri.authority.is_none()
        && let Some(host) = request.headers().get(HOST)
    {
        uri.authority = Some(host.to_str()?.parse()?);
        uri.scheme = Some(UriScheme::HTTP);
        *request.uri_mut() = Uri::from_parts(uri)?;
    }
    Ok(request)
}

/// Gives the request to an instance that has no other, which goes on when the head of its response is there.
async fn handle_alone(
    request: Request<Received>,
    name: &str,
    server: &Server,
    proxy: Proxy,
) -> wasmtime::Result<Response<HyperOutgoingBody>> {
    let mut instance = proxy.instance(&server.engine).await?;
    let (sender, receiver) = oneshot::channel();
    let mut http = instance.store.data_mut().http();
    let request = http.new_incoming_request(Scheme::Http, request)?;
    let out = http.new_response_outparam(sender)?;
    let reason = Reason::default();
    let told = reason.clone();
    let instance = tokio::spawn(async move {
        let handler = instance.exports.wasi_http_incoming_handler();
        let handled = handler.call_handle(&mut instance.store, request, out).await;
        handled.inspect_err(|error| drop(told.set(format!("{error:#}"))))?;
        proxy.keep(instance);
        Ok::<(), wasmtime::Error>(())
    });
    let request = name.to_string();
    match receiver.await {
        Ok(response) => Ok(response?.map(|body| Written::new(request, body, reason).boxed_unsync())),
        Err(_) => {
            instance.await??;
            Err(wasmtime::Error::msg("it returned without a response"))
        }
    }
}

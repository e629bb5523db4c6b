//! The HTTP client: the machine's proxies and certificates, and downloads that go on where they stopped.

use crate::source::SourceError;
use std::io::Read;
use std::time::Duration;
use ureq::Agent;
use ureq::http::{Response, StatusCode, header};
use ureq::tls::{RootCerts, TlsConfig};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(20);
/// How long a server may stay silent.
const SILENCE: Duration = Duration::from_secs(60);
/// The longest index page that is read.
const PAGE_BYTES: u64 = 64 << 20;

/// An HTTP client. It takes proxies from the environment and certificates from the system.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    agent: Agent,
}

/// A page of a package index.
pub(crate) struct Page {
    pub(crate) text: String,
    pub(crate) is_json: bool,
}

/// The rest of a file.
pub(crate) struct Rest<R> {
    /// Where it starts in the file: at the wanted place, or at 0 when the server always gives the whole.
    pub(crate) offset: u64,
    /// The bytes from there on.
    pub(crate) content: R,
}

impl Client {
    pub(crate) fn new() -> Client {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .user_agent(concat!("ampoule/", env!("CARGO_PKG_VERSION")))
            .http_status_as_error(false)
            .tls_config(tls)
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(SILENCE))
            .timeout_per_read(Some(SILENCE));
        Client {
            agent: config.build().new_agent(),
        }
    }

    /// A page of text in one of the accepted media types.
    pub(crate) fn page(&self, url: &str, accept: &str) -> Result<Page, SourceError> {
        let request = self.agent.get(url).header(header::ACCEPT, accept);
        let mut response = request.call().map_err(|error| failed(url, &error))?;
        check_status(url, &response)?;
        let is_json = response.body().mime_type().is_some_and(|kind| kind.ends_with("json"));
        let body = response.body_mut().with_config().limit(PAGE_BYTES);
        let text = body.read_to_string().map_err(|error| failed(url, &error))?;
        Ok(Page { text, is_json })
    }

    /// A file from `offset` on; from its start if the server does not give parts.
    pub(crate) fn file(&self, url: &str, offset: u64) -> Result<Rest<impl Read + use<>>, SourceError> {
        let mut request = self.agent.get(url).header(header::ACCEPT_ENCODING, "identity");
        if offset > 0 {
            request = request.header(header::RANGE, format!("bytes={offset}-"));
        }
        let response = request.call().map_err(|error| failed(url, &error))?;
        check_status(url, &response)?;
        let offset = match response.status() {
            StatusCode::PARTIAL_CONTENT => range_start(&response)
                .filter(|start| *start <= offset)
                .ok_or_else(|| SourceError::lasting(format!("{url}: the server gives another part than asked for")))?,
            _ => 0,
        };
        let content = response.into_body().into_reader();
        Ok(Rest { offset, content })
    }
}

/// Files below a URL, on a server that is asked as those of pins are.
#[derive(Clone, Debug)]
pub struct Server {
    client: Client,
    root: String,
}

impl Server {
    /// The server of a URL.
    pub fn new(root: &str) -> Server {
        Server {
            client: Client::new(),
            root: root.trim_end_matches('/').to_string(),
        }
    }

    /// The URL.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// The content of a file; nothing if the server has none of that name.
    ///
    /// # Errors
    /// When the server cannot be reached, or answers with an error.
    pub fn read(&self, name: &str) -> std::io::Result<Option<Box<dyn Read>>> {
        let url = format!("{}/{name}", self.root);
        let answer = self.client.agent.get(&url).call();
        let response = answer.map_err(|error| std::io::Error::other(failed(&url, &error)))?;
        if matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(None);
        }
        check_status(&url, &response).map_err(std::io::Error::other)?;
        Ok(Some(Box::new(response.into_body().into_reader())))
    }
}

/// The place that `Content-Range: bytes START-END/SIZE` gives.
fn range_start<B>(response: &Response<B>) -> Option<u64> {
    let range = response.headers().get(header::CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split_once('-')?.0.trim().parse().ok()
}

fn check_status<B>(url: &str, response: &Response<B>) -> Result<(), SourceError> {
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let message = format!("{url}: the server answers {status}");
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::REQUEST_TIMEOUT {
        Err(SourceError::transient(message))
    } else {
        Err(SourceError::lasting(message))
    }
}

fn failed(url: &str, error: &ureq::Error) -> SourceError {
    let message = format!("{url}: {error}");
    match error {
        ureq::Error::Io(_) | ureq::Error::Timeout(_) | ureq::Error::Protocol(_) | ureq::Error::ConnectionFailed => {
            SourceError::transient(message)
        }
        _ => SourceError::lasting(message),
    }
}

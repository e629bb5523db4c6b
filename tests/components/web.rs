//! Web applications of WSGI and ASGI under `ampoule serve`, as the frameworks' own servers would have them.

use ampoule_support::component;
use ampoule_support::server::Server;
use ampoule_support::{ampoule, copy, root, succeed};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

/// Bytes that go through a server in one body.
const LARGE: u64 = 50_000_000;

/// How much more memory a server may take for them at its peak, in KiB.
const BOUND: u64 = 20_000;

/// A web application that is being served. The folder stays as long as it is.
struct Site {
    folder: tempfile::TempDir,
    server: Server,
}

/// What comes of a request.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Answer {
    fn all(&self, name: &str) -> Vec<&str> {
        let headers = self.headers.iter().filter(|(other, _)| other == name);
        headers.map(|(_, value)| value.as_str()).collect()
    }
}

/// Builds an app of `tests/apps`, with more lines in its settings.
fn build(name: &str, more: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = copy(&root().join("tests/apps").join(name));
    let project = folder.path().join("pyproject.toml");
    let settings = std::fs::read_to_string(&project).unwrap();
    std::fs::write(&project, format!("{settings}{more}")).unwrap();
    let printed = succeed(ampoule(folder.path()).arg("build"));
    let component = folder.path().join(printed.trim_end());
    (folder, component)
}

impl Site {
    fn start(name: &str, more: &str) -> Site {
        Site::by(Server::alone, name, more)
    }

    fn by(server: fn(&Path, Stdio) -> Server, name: &str, more: &str) -> Site {
        let (folder, component) = build(name, more);
        let said = std::fs::File::create(folder.path().join("said")).unwrap();
        Site {
            server: server(&component, said.into()),
            folder,
        }
    }

    /// What it has printed.
    fn said(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("said")).unwrap()
    }

    /// Waits until it has printed something.
    fn says(&self, text: &str) {
        eventually(
            || self.said().contains(text),
            || format!("{text} is in\n{}", self.said()),
        );
    }

    fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Read,
    ) -> Result<Answer, ureq::Error> {
        let configuration = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0);
        let agent: ureq::Agent = configuration.allow_non_standard_methods(true).build().into();
        let mut request = ureq::http::Request::builder().method(method).uri(self.server.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut body = body;
        let body = ureq::SendBody::from_reader(&mut body);
        let mut response = agent.run(request.body(body).expect("it is a request"))?;
        let text = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response
                .headers()
                .iter()
                .map(|(name, value)| (name.to_string(), text(value)))
                .collect(),
            body: response.body_mut().read_to_string()?,
        })
    }

    fn get(&self, path: &str) -> Answer {
        self.request("GET", path, &[], std::io::empty()).expect("it answers")
    }

    /// How many bytes come of a path.
    fn download(&self, path: &str) -> u64 {
        let mut response = ureq::get(self.server.url(path)).call().expect("it answers");
        std::io::copy(&mut response.body_mut().as_reader(), &mut std::io::sink()).expect("it is whole")
    }

    /// Reads the begin of a body, and goes.
    fn leave(&self, path: &str) {
        let address = self.server.url("").replace("http://", "");
        let mut stream = TcpStream::connect(&address).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n").unwrap();
        stream.read_exact(&mut [0; 1000]).expect("it answers");
    }

    /// What is answered to a request as it is.
    fn raw(&self, request: &str) -> String {
        let address = self.server.url("").replace("http://", "");
        let mut stream = TcpStream::connect(&address).expect("it listens");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }

    /// What is answered to a request whose body is only begun.
    fn begin(&self, path: &str) -> String {
        let address = self.server.url("").replace("http://", "");
        let mut stream = TcpStream::connect(&address).expect("it listens");
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 1000\r\n\r\nbegun"
        )
        .unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }

    /// What a broken body must not look like: whole.
    fn breaks(&self, path: &str) {
        let broken = self.request("GET", path, &[], std::io::empty());
        assert!(broken.is_err(), "{path}: {broken:?}");
    }

    /// Large bodies in both directions, in memory that does not grow.
    fn streams(&self) {
        assert_eq!(self.download("/produce?1000000"), 1_000_000);
        let before = self.server.peak_memory();
        let body = std::io::repeat(b'x').take(LARGE);
        let sent = self.request("POST", "/length", &[], body).expect("it answers");
        assert_eq!(sent.body, LARGE.to_string());
        assert_eq!(self.download(&format!("/produce?{LARGE}")), LARGE);
        let more = self.server.peak_memory() - before;
        assert!(more < BOUND, "the server took {more} KiB for bodies of {LARGE} bytes");
    }
}

#[test]
fn wsgi() {
    let site = Site::start("wsgi", "");
    let page = site.get("/page");
    assert_eq!((page.status, page.body.len()), (200, 53), "{page:?}");
    assert_eq!(page.all("content-length"), ["53"]);
    assert_eq!(site.get("/nowhere").status, 404);

    what_wsgi_is_told(&site);
    let lines = site.request("PUT", "/echo", &[], "one\ntwo\n".as_bytes()).unwrap();
    assert_eq!(lines.body, "one\ntwo\n");
    site.streams();
    site.says("closed with nothing left");

    let redirect = site.get("/cookies");
    assert_eq!((redirect.status, redirect.all("location")), (303, vec!["/page"]));
    assert_eq!(redirect.all("set-cookie"), ["a=1", "b=2"]);
    assert_eq!(site.get("/written").body, "one two three");
    assert_eq!(site.get("/connection").body, "kept");
    let head = site.request("HEAD", "/page", &[], std::io::empty()).unwrap();
    assert_eq!(
        (head.status, head.all("content-length"), head.body.as_str()),
        (200, vec!["53"], "")
    );
    assert_eq!(site.get("/not-modified").status, 304);
    what_wsgi_does_wrong(&site);
    assert_eq!(site.get("/page").status, 200);
}

fn what_wsgi_is_told(site: &Site) {
    let path = "/environment?q=%20a";
    let headers = [
        ("X-Many", "1"),
        ("X-Many", "2"),
        ("X_Under", "3"),
        ("Cookie", "a=1"),
        ("Cookie", "b=2"),
    ];
    let told = site.request("POST", path, &headers, "12345".as_bytes()).unwrap();
    let told: serde_json::Value = serde_json::from_str(&told.body).expect("it is JSON");
    assert_eq!(told["REQUEST_METHOD"], "POST");
    assert_eq!(told["PATH_INFO"], "/environment");
    assert_eq!(told["QUERY_STRING"], "q=%20a");
    assert_eq!(told["SERVER_NAME"], "127.0.0.1");
    assert_eq!(told["HTTP_X_MANY"], "1,2");
    assert_eq!(told["HTTP_COOKIE"], "a=1; b=2");
    assert_eq!(told["wsgi.url_scheme"], "http");
    assert!(told["HTTP_X_UNDER"].is_null());
}

fn what_wsgi_does_wrong(site: &Site) {
    for path in ["/fail", "/smuggle", "/silent"] {
        let failed = site.get(path);
        assert_eq!(
            (failed.status, failed.body.as_str()),
            (500, "Internal Server Error\n"),
            "{path}"
        );
    }
    let said = site.said();
    assert!(
        said.contains("    raise LookupError(\"nothing is where it should be\")\n"),
        "{said}"
    );
    assert!(
        said.contains("ValueError: the response has a header that cannot be sent"),
        "{said}"
    );
    assert!(
        said.contains("RuntimeError: the application has not called start_response"),
        "{said}"
    );
    let replaced = site.get("/replace");
    assert_eq!((replaced.status, replaced.body.as_str()), (503, "sorry"));
    assert!(replaced.all("x-first").is_empty() && replaced.all("x-second") == ["yes"]);
    for path in ["/fail-late", "/too-short"] {
        site.breaks(path);
    }
    assert_eq!(site.get("/too-long").body, "too");
    site.says("RuntimeError: the body is not as long as its head says");
    site.says("LookupError: broken in the middle");
    site.leave("/produce?1000000000");
    site.says("closed with some left");
    let begun = site.raw("GET /fail-late HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    assert!(
        begun.starts_with("HTTP/1.1 200"),
        "what was sent before arrives: {begun}"
    );
    let lie =
        "POST /length HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\nconnection: close\r\n\r\nab";
    assert!(site.raw(lie).starts_with("HTTP/1.1 400"), "{}", site.raw(lie));
}

/// A request of HTTP/1.1 names one host (RFC 9112, 3.2); one of HTTP/1.0 need not.
#[test]
fn hosts_of_requests() {
    let site = Site::start("wsgi", "");
    for (head, status) in [
        ("HTTP/1.0\r\n", "200"),
        ("HTTP/1.1\r\nhost: a\r\n", "200"),
        ("HTTP/1.1\r\n", "400"),
        ("HTTP/1.1\r\nhost: a\r\nhost: b\r\n", "400"),
    ] {
        let answer = site.raw(&format!("GET /page {head}connection: close\r\n\r\n"));
        assert_eq!(answer.split(' ').nth(1), Some(status), "{head:?}: {answer}");
    }
}

/// A client that still sends what the application does not read gets the answer, and the connection is kept for its next request.
#[test]
fn unread_bodies() {
    let site = Site::start("wsgi", "");
    let sent = site.request("POST", "/page", &[], std::io::repeat(b'x').take(5_000_000));
    assert_eq!(sent.expect("it answers").status, 200);

    let address = site.server.url("").replace("http://", "");
    let mut stream = TcpStream::connect(&address).expect("it listens");
    stream
        .write_all(b"POST /page HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"was built") {
        let mut part = [0; 1000];
        let length = stream.read(&mut part).expect("it answers");
        assert_ne!(length, 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&part[..length]);
    }
    let rest = "12345GET /page HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    stream.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// A process on each core answers requests that have an instance each; all end with the first.
#[test]
fn processes() {
    let site = Site::by(Server::start, "wsgi", "");
    let cores = thread::available_parallelism().unwrap().get().min(4);
    eventually(
        || site.server.processes().len() == cores,
        || format!("{cores} processes answer"),
    );
    let others = site.server.processes().split_off(1);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..8).for_each(|_| assert_eq!(site.get("/page").status, 200)));
        }
    });
    drop(site);
    // Who is to take what is left of it need not be quick.
    let has_ended = |other: &u32| {
        let status = std::fs::read_to_string(format!("/proc/{other}/status"));
        status.map_or(true, |status| status.contains("State:\tZ"))
    };
    eventually(|| others.iter().all(has_ended), || format!("{others:?} end"));
}

/// Waits until something holds.
fn eventually(holds: impl Fn() -> bool, what: impl Fn() -> String) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(300), "{}", what());
        thread::sleep(Duration::from_millis(20));
    }
}

/// An application of ASGI has one answer, whatever the version of `wasi:http`.
fn asgi(more: &str) -> Site {
    let site = Site::start("asgi", more);
    let told = site
        .request("GET", "/told?a=%20", &[("X-Many", "1")], std::io::empty())
        .unwrap();
    let told: serde_json::Value = serde_json::from_str(&told.body).expect("it is JSON");
    assert_eq!(told["started"], serde_json::json!(["once"]));
    assert_eq!(told["state"]["greeting"], "hello");
    assert_eq!(told["asgi"]["version"], "3.0");
    assert_eq!(
        (&told["path"], &told["query_string"]),
        (&"/told".into(), &"a=%20".into())
    );
    assert_eq!(site.get("/nowhere").status, 404);

    let echo = site.request("PUT", "/echo", &[], "one\ntwo\n".as_bytes()).unwrap();
    assert_eq!(echo.body, "one\ntwo\n");
    site.streams();
    let redirect = site.get("/cookies");
    assert_eq!(redirect.all("set-cookie"), ["a=1", "b=2"]);
    assert_eq!(site.request("HEAD", "/told", &[], std::io::empty()).unwrap().body, "");
    assert_eq!(site.get("/disconnect").body, "done");
    let begun = site.begin("/upload");
    assert!(begun.starts_with("HTTP/1.1 400 "), "{begun}");
    site.says("the upload ends with http.disconnect");

    let answers = thread::scope(|scope| {
        let requests: Vec<_> = (0..8).map(|_| scope.spawn(|| site.get("/sleep?0.2").body)).collect();
        let answers = requests
            .into_iter()
            .map(|request| request.join().expect("it is answered"));
        answers.collect::<Vec<_>>()
    });
    assert_eq!(answers, ["awake"; 8]);

    for path in ["/fail", "/smuggle", "/silent", "/websocket"] {
        assert_eq!(site.get(path).status, 500, "{path}");
    }
    site.says("LookupError: nothing is where it should be");
    site.says("RuntimeError: the application has returned before the end of its response");
    site.breaks("/fail-late");
    site.breaks("/too-short");
    site.leave("/produce?1000000000");
    assert_eq!(site.get("/cookies").status, 303);
    site
}

#[test]
fn asgi_by_0_2() {
    asgi("");
}

#[test]
fn asgi_by_0_3() {
    asgi("wasi-http = \"0.3\"\n");
}

/// What the requests of the warm-up have made is there when an instance starts: the application was started once for them.
#[test]
fn warm_up() {
    for version in ["0.2", "0.3"] {
        let more = format!("wasi-http = \"{version}\"\nwarm-up = [\"/told\", \"/sleep?0.01\"]\n");
        let told = Site::start("asgi", &more).get("/told").body;
        let told: serde_json::Value = serde_json::from_str(&told).expect("it is JSON");
        assert_eq!(told["started"], serde_json::json!(["once", "once"]), "{version}");
    }
    let site = Site::start("wsgi", "warm-up = [\"/page\"]\n");
    assert_eq!(site.get("/page").status, 200);
}

/// Without sockets there are no clients, and what they would call of the host is not asked for.
#[test]
fn imports() {
    let (_folder, component) = build("wsgi", "");
    let imports = component::App::load(&component).imports();
    let client = |name: &String| name.starts_with("wasi:http/outgoing-handler@") || name.starts_with("wasi:sockets/");
    assert!(!imports.iter().any(client), "{imports:?}");
}

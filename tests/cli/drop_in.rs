//! componentize-py's own examples, unmodified, built with its own command lines and run.
//!
//! They come from its source distribution, which `tests/cli/drop_in/pins.json` pins. Left out is `matrix-math`, which needs what cannot be had
//! here: a NumPy built for WASI, which no package registry has.

use ampoule_support::server::Server;
use ampoule_support::{copy_into, pinned, root, succeed};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread;

/// The source distribution, unpacked once.
fn source() -> &'static Path {
    static SOURCE: OnceLock<PathBuf> = OnceLock::new();
    SOURCE.get_or_init(|| {
        pinned(
            &root().join("tests/cli/drop_in/pins.json"),
            "componentize-py",
            "drop-in",
        )
    })
}

/// A scratch folder with an example beside the folder of the WIT, as in the distribution.
struct Example {
    scratch: tempfile::TempDir,
    name: &'static str,
}

impl Example {
    fn new(name: &'static str) -> Example {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        copy_into(&source().join("wit"), &scratch.path().join("wit"));
        copy_into(&source().join("examples").join(name), &scratch.path().join(name));
        Example { scratch, name }
    }

    fn folder(&self) -> PathBuf {
        self.scratch.path().join(self.name)
    }

    /// Builds it with the arguments of its README.
    fn build(&self, arguments: &[&str]) -> PathBuf {
        let output = format!("{}.wasm", self.name);
        let mut ampoule = ampoule_support::ampoule(&self.folder());
        let printed = succeed(ampoule.args(arguments).args(["-o", &output]));
        assert_eq!(printed, "Component built successfully\n");
        self.folder().join(output)
    }
}

/// What a component prints that is a command.
fn printed(component: &Path, arguments: &[&str]) -> String {
    let folder = component.parent().expect("a file is in a folder");
    succeed(
        ampoule_support::ampoule(folder)
            .arg("run")
            .arg(component)
            .args(arguments),
    )
}

#[test]
fn cli() {
    let example = Example::new("cli");
    let component = example.build(&["-d", "../wit", "-w", "wasi:cli/command@0.2.0", "componentize", "app"]);
    assert_eq!(printed(&component, &[]), "Hello, world!\n");
}

#[test]
fn cli_of_wasi_0_3() {
    let example = Example::new("cli-p3");
    let component = example.build(&["-d", "../wit", "-w", "wasi:cli/command@0.3.0", "componentize", "app"]);
    assert_eq!(printed(&component, &[]), "Hello, world!\n");
}

#[test]
fn http() {
    let example = Example::new("http");
    let component = example.build(&["-d", "../wit", "-w", "wasi:http/proxy@0.2.0", "componentize", "app"]);
    check_server(&component);
}

#[test]
fn http_of_wasi_0_3() {
    let example = Example::new("http-p3");
    let component = example.build(&["-d", "../wit", "-w", "wasi:http/service@0.3.0", "componentize", "app"]);
    check_server(&component);
}

/// The server echoes what it is sent, and hashes what it is told to fetch.
fn check_server(component: &Path) {
    let server = Server::start(component, Stdio::inherit());

    let body = "’Twas brillig, and the slithy toves\n".repeat(20_000);
    let echoed = ureq::post(server.url("/echo"))
        .header("content-type", "text/plain")
        .send(&body);
    let mut echoed = echoed.expect("the server answers");
    assert_eq!(echoed.headers()["content-type"], "text/plain");
    assert!(echoed.body_mut().read_to_string().expect("the body is text") == body);

    let upstream = upstream(3);
    let urls = ["a", "bc", "missing"].map(|path| format!("http://{upstream}/{path}"));
    let mut request = ureq::get(server.url("/hash-all"));
    for url in &urls {
        request = request.header("url", url);
    }
    let mut hashed = request.call().expect("the server answers");
    let hashed = hashed.body_mut().read_to_string().expect("the body is text");
    let mut lines: Vec<&str> = hashed.lines().collect();
    lines.sort_unstable();
    let expected = [
        format!(
            "{}: {}",
            urls[0], "6a50dc8584134c7de537c0052ff6d236bf874355e050c90523e0c5ff2a543a28"
        ),
        format!(
            "{}: {}",
            urls[1], "454c496617d185e46e162b8ce2024b0549d83f4970c8b888326a42cd159bb594"
        ),
        format!("{}: unexpected status: 404", urls[2]),
    ];
    assert_eq!(lines, expected);
}

/// A server of so many requests: each path is its own content, but for `/missing`.
fn upstream(requests: usize) -> std::net::SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    let address = listener.local_addr().expect("it has an address");
    thread::spawn(move || {
        for client in listener.incoming().take(requests) {
            answer(client.expect("a client connects")).expect("it can be answered");
        }
    });
    address
}

fn answer(mut client: std::net::TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(client.try_clone()?).lines();
    let first = lines.next().expect("a request has a first line")?;
    while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
    let path = first.split(' ').nth(1).expect("a request has a path");
    let status = if path == "/missing" { "404 Not Found" } else { "200 OK" };
    let length = path.len();
    write!(
        client,
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{path}"
    )
}

#[test]
fn tcp() {
    let example = Example::new("tcp");
    let component = example.build(&["-d", "../wit", "-w", "wasi:cli/command@0.2.0", "componentize", "app"]);
    check_client(&component);
}

#[test]
fn tcp_of_wasi_0_3() {
    let example = Example::new("tcp-p3");
    let component = example.build(&["-d", "../wit", "-w", "wasi:cli/command@0.3.0", "componentize", "app"]);
    check_client(&component);
}

/// The client sends and receives.
fn check_client(component: &Path) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    let address = listener.local_addr().expect("it has an address");
    let peer = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the component connects");
        let mut received = [0; 13];
        stream.read_exact(&mut received).expect("it sends");
        stream.write_all(b"hello").expect("it receives");
        received
    });
    let arguments = ["--network", "--", &address.to_string()];
    assert_eq!(printed(component, &arguments), "received: b'hello'\n");
    assert_eq!(&peer.join().expect("the peer ends"), b"hello, world!");
}

/// Its host is wasmtime-py, which comes through pip into a virtual environment below the target folder.
#[test]
fn sandbox() {
    let example = Example::new("sandbox");
    example.build(&["-d", "sandbox.wit", "componentize", "--stub-wasi", "guest"]);
    let python = python_with(&["wasmtime==38.0.0"]);
    let in_folder = |arguments: &[&str]| succeed(Command::new(&python).args(arguments).current_dir(example.folder()));
    in_folder(&["-m", "wasmtime.bindgen", "sandbox.wasm", "--out-dir", "sandbox"]);
    assert_eq!(in_folder(&["host.py", "2 + 2"]), "result: 4\n");
    assert_eq!(
        in_folder(&["host.py", "x = [3, 4]", "sum(x)"]),
        "eval error: NameError: name 'x' is not defined\n"
    );
    assert_eq!(
        in_folder(&["host.py", "1 / 0"]),
        "eval error: ZeroDivisionError: division by zero\n"
    );
}

/// The type checker has nothing to say of the examples with our bindings.
#[test]
fn type_checker() {
    let python = python_with(&["mypy==1.13.0"]);
    let worlds = [
        ("cli", vec!["-d", "../wit", "-w", "wasi:cli/command@0.2.0"], "app"),
        ("http", vec!["-d", "../wit", "-w", "wasi:http/proxy@0.2.0"], "app"),
        ("tcp", vec!["-d", "../wit", "-w", "wasi:cli/command@0.2.0"], "app"),
        ("sandbox", vec!["-d", "sandbox.wit"], "guest"),
        ("cli-p3", vec!["-d", "../wit", "-w", "wasi:cli/command@0.3.0"], "app"),
        ("http-p3", vec!["-d", "../wit", "-w", "wasi:http/service@0.3.0"], "app"),
        ("tcp-p3", vec!["-d", "../wit", "-w", "wasi:cli/command@0.3.0"], "app"),
    ];
    for (name, world, module) in worlds {
        let example = Example::new(name);
        succeed(
            ampoule_support::ampoule(&example.folder())
                .args(world)
                .args(["bindings", "."]),
        );
        let mut mypy = Command::new(&python);
        mypy.args(["-m", "mypy", "--strict", "-m", module])
            .current_dir(example.folder());
        assert_eq!(
            succeed(&mut mypy),
            "Success: no issues found in 1 source file\n",
            "{name}"
        );
    }
}

/// The interpreter of a virtual environment with packages.
fn python_with(packages: &[&str]) -> PathBuf {
    ampoule_tests::python_with(&ampoule_support::scratch(), packages).join("python")
}

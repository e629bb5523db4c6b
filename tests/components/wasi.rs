//! What a component has of WASI under `ampoule run` and `ampoule serve`: commands, sockets, an HTTP server, a store and a configuration.
//!
//! The WIT of WASI comes from Wasmtime's crates, which `tests/components/wasi/pins.json` pins.

use ampoule_support::server::Server;
use ampoule_support::{ampoule, copy, copy_into, pinned, root, succeed, text};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread;

/// Bytes that go through the server in one body.
const LARGE: usize = 50_000_000;

/// How much more memory the server may take for them at its peak, in KiB.
const BOUND: u64 = 20_000;

/// An app of `tests/apps` with the WIT of a crate, built once. The folder stays as long as the tests run.
struct App {
    folder: tempfile::TempDir,
    component: PathBuf,
}

impl App {
    fn build(name: &str, wit: &[(&str, &str)]) -> App {
        let folder = copy(&root().join("tests/apps").join(name));
        for (package, dependencies) in wit {
            let pins = root().join("tests/components/wasi/pins.json");
            let unpacked = pinned(&pins, package, &format!("wit-of-{name}-{package}"));
            copy_into(&unpacked.join(dependencies), &folder.path().join("wit/deps"));
        }
        let printed = succeed(ampoule(folder.path()).arg("build"));
        let component = folder.path().join(printed.trim_end());
        App { folder, component }
    }

    fn run(&self, flags: &[&str], arguments: &[&str]) -> Command {
        let mut command = ampoule(self.folder.path());
        command.arg("run").args(flags).arg(&self.component).args(arguments);
        command
    }
}

/// The command, which all its tests share.
fn command() -> &'static App {
    static COMMAND: OnceLock<App> = OnceLock::new();
    COMMAND.get_or_init(|| App::build("command", &[("wasmtime-wasi-http", "wit/deps")]))
}

/// What the command prints with arguments.
fn printed(flags: &[&str], arguments: &[&str]) -> String {
    let mut given = vec!["--"];
    given.extend(arguments);
    succeed(&mut command().run(flags, &given))
}

#[test]
fn arguments_and_environment() {
    let found = printed(&[], &["arguments", "a", "b c", "ß"]);
    assert_eq!(found, "('a', 'b c', 'ß')\ncommand.wasm\n");
    let flags = ["--env", "GIVEN=x=y", "--env", "EMPTY="];
    let found = printed(&flags, &["environment", "GIVEN", "EMPTY", "HOME"]);
    assert_eq!(found, "GIVEN 'x=y'\nEMPTY ''\nHOME None\nyes\n");
}

#[test]
fn stdin() {
    let feed = |name: &str, input: &[u8]| {
        let mut child = command().run(&[], &["--", name]);
        let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).expect("it reads");
        text(&child.wait_with_output().unwrap().stdout)
    };
    assert_eq!(feed("read_lines", "a\n\nß".as_bytes()), "0 a\n1 \n2 ß\n");
    assert_eq!(feed("read_lines", b""), "");
    assert_eq!(feed("count_bytes", &vec![0; 3_000_000]), "3000000\n");
}

#[test]
fn exit_codes() {
    let ended = |arguments: &[&str]| -> Output { command().run(&[], arguments).output().unwrap() };
    for code in [0, 1, 7, 255] {
        let output = ended(&["--", "leave", &code.to_string()]);
        assert_eq!(output.status.code(), Some(code));
    }
    let output = ended(&["--", "leave_with", "no such thing"]);
    assert_eq!(
        (output.status.code(), text(&output.stderr)),
        (Some(1), "no such thing\n".to_string())
    );
    let output = ended(&["--", "fail"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("    raise RuntimeError(\"it failed\")\n"));
}

#[test]
fn files() {
    let granted = tempfile::tempdir().unwrap();
    let flag = format!("{}::/data", granted.path().display());
    let expected = r"['one\n', 'zwei 🐍\n', 'three\n']
b'\xff\x00' 257 1048576
10
text True one

['b', 'link', 'text'] []
[('.', []), ('a', ['link', 'text']), ('a/b', ['moved'])]
['link', 'text']
";
    assert_eq!(printed(&["--dir", &flag], &["files", "/data"]), expected);
    let written = std::fs::read_to_string(granted.path().join("a/text")).unwrap();
    assert_eq!(written, "one\nzwei 🐍\nthree\n");
    let refused = "listdir FileNotFoundError\nopen FileNotFoundError\nmkdir OSError\nstat FileNotFoundError\n";
    assert_eq!(printed(&["--dir", &flag], &["refused", "/etc/x"]), refused);
}

/// Starts the command with the network and its output piped.
fn networked(arguments: &[&str]) -> Child {
    let mut given = vec!["--"];
    given.extend(arguments);
    let mut command = command().run(&["--network"], &given);
    command.stdout(Stdio::piped()).spawn().expect("it can be started")
}

fn output(child: Child) -> String {
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    text(&output.stdout)
}

#[test]
fn tcp_client() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let client = networked(&["client", "127.0.0.1", &port]);
    let (mut stream, _) = listener.accept().expect("it connects");
    let mut received = Vec::new();
    stream.read_to_end(&mut received).expect("it sends");
    stream.write_all(&received).expect("it receives");
    drop(stream);
    assert_eq!(output(client), "500000 b'ping '\n");
}

/// What a socket does not take at once is kept until it does.
#[test]
fn pieces_beyond_what_a_socket_takes() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let client = networked(&["upload", &listener.local_addr().unwrap().port().to_string()]);
    let (mut stream, _) = listener.accept().expect("it connects");
    let mut received = Vec::new();
    stream.read_to_end(&mut received).expect("it sends");
    drop(stream);
    assert_eq!(output(client), "");
    let pieces = (0..40).flat_map(|number| [&[number; 50_000][..], b"end"].concat());
    assert!(received == pieces.collect::<Vec<u8>>(), "{} bytes", received.len());
}

/// A socket that is connecting can be asked how far it is, for its address, and be left alone.
#[test]
fn connecting() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let found = output(networked(&["connecting", &port]));
    assert_eq!(found, "EINPROGRESS connected EISCONN\n");
    assert_eq!(output(networked(&["left_alone", &port])), "EINVAL\nleft\n");
    drop(listener);
    let found = output(networked(&["connecting", &port]));
    assert_eq!(found, "EINPROGRESS ECONNREFUSED ECONNREFUSED\n");
}

#[test]
fn tcp_server() {
    let mut server = networked(&["server"]);
    let mut first = String::new();
    let stdout = server.stdout.as_mut().unwrap();
    while !first.ends_with('\n') {
        let mut byte = [0];
        stdout.read_exact(&mut byte).expect("it prints its port");
        first.push(char::from(byte[0]));
    }
    let port: u16 = first.trim().parse().expect("a port");
    for name in ["one", "two"] {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("it listens");
        writeln!(stream, "{name}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        assert_eq!(answer, name.to_uppercase() + "\n");
    }
    assert_eq!(output(server), "127.0.0.1 b'one\\n'\n127.0.0.1 b'two\\n'\n");
}

#[test]
fn datagrams() {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let client = networked(&["datagrams", &socket.local_addr().unwrap().port().to_string()]);
    let mut received = [0; 100];
    let (length, address) = socket.recv_from(&mut received).expect("it sends");
    socket.send_to(&received[..length], address).expect("it receives");
    assert_eq!(output(client), "Grüße True\n");
}

#[test]
fn names() {
    assert_eq!(printed(&["--network"], &["names"]), "['127.0.0.1']\n('127.0.0.1', 5)\n");
}

/// Without the network each use of it is an exception.
#[test]
fn no_network() {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = socket.local_addr().unwrap().port().to_string();
    let expected = "connect PermissionError [Errno 2] Permission denied\nlisten PermissionError [Errno 2] Permission denied\n\
                    send PermissionError [Errno 2] Permission denied\nlook_up gaierror [Errno -4] Non-recoverable error\n";
    assert_eq!(printed(&[], &["no_network", &port]), expected);
}

/// The same over IPv6: a client, a server on all addresses of both families, datagrams, and what Python says of it.
#[test]
fn ipv6() {
    let listener = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let client = networked(&["client", "::1", &port]);
    let (mut stream, _) = listener.accept().expect("it connects");
    let mut received = Vec::new();
    stream.read_to_end(&mut received).expect("it sends");
    stream.write_all(&received).expect("it receives");
    drop(stream);
    assert_eq!(output(client), "500000 b'ping '\n");
    let socket = UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).unwrap();
    let client = networked(&["datagrams", &socket.local_addr().unwrap().port().to_string(), "::1"]);
    let (length, address) = socket.recv_from(&mut received).expect("it sends");
    socket.send_to(&received[..length], address).expect("it receives");
    assert_eq!(output(client), "Grüße True\n");
    let expected = "True 00000000000000000000000000000001 fe80::1\n[('fe80::1', 80, 0, 3)]\n('::1', '80') True 1\n";
    assert_eq!(output(networked(&["ipv6"])), expected);
}

/// What says its address itself is no name: nobody is asked, and so no network is needed.
#[test]
fn addresses() {
    let expected = "[(<AddressFamily.AF_INET: 1>, <SocketKind.SOCK_STREAM: 6>, 6, '', ('127.0.0.1', 5)), \
                    (<AddressFamily.AF_INET: 1>, <SocketKind.SOCK_DGRAM: 5>, 17, '', ('127.0.0.1', 5))]\n\
                    [(<AddressFamily.AF_INET: 1>, <SocketKind.SOCK_STREAM: 6>, 6, '192.0.2.1', ('192.0.2.1', 443))]\n\
                    [(<AddressFamily.AF_INET: 1>, <SocketKind.SOCK_DGRAM: 5>, 17, '', ('0.0.0.0', 53))]\n\
                    127.0.0.1 ('192.0.2.7', [], ['192.0.2.7'])\n('127.0.0.1', 'http') ('127.0.0.1', '9')\n443 domain 17\n\
                    gaierror [Errno -8] Unrecognized service\ngaierror [Errno -2] Name does not resolve\n\
                    herror [Errno 1] Unknown host\n";
    assert_eq!(printed(&[], &["addresses"]), expected);
}

/// The build's host refuses the network by exceptions, too.
#[test]
fn network_at_import() {
    assert_eq!(
        printed(&[], &["at_import"]),
        "PermissionError [Errno 2] Permission denied\n"
    );
}

/// Bodies of both directions stream, requests run beside each other, and a handler that raises is an answer 500.
#[test]
fn server() {
    let app = App::build("server", &[("wasmtime-wasi-http", "wit/deps")]);
    let errors = app.folder.path().join("errors");
    let server = Server::alone(&app.component, std::fs::File::create(&errors).unwrap().into());
    let get = |path: &str| {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut response = agent.get(server.url(path)).call().expect("it answers");
        let status = response.status().as_u16();
        (status, response.body_mut().read_to_string().expect("the body is text"))
    };

    assert_eq!(get("/missing").0, 404);
    let before = server.peak_memory();
    let body = std::io::repeat(b'x').take(LARGE as u64);
    let mut digest = ureq::post(server.url("/digest"))
        .send(ureq::SendBody::from_owned_reader(body))
        .expect("it answers");
    let digest = digest.body_mut().read_to_string().unwrap();
    assert!(digest.starts_with(&format!("{LARGE} ")), "{digest}");
    assert_eq!(echoed(&server), LARGE);
    let mut produced = ureq::get(server.url("/produce?800")).call().expect("it answers");
    let length = std::io::copy(&mut produced.body_mut().as_reader(), &mut std::io::sink()).unwrap();
    assert_eq!(length, 800 * 65536);
    let more = server.peak_memory() - before;
    assert!(more < BOUND, "the server took {more} KiB for bodies of {LARGE} bytes");

    let answers = thread::scope(|scope| {
        let requests: Vec<_> = (0..8).map(|_| scope.spawn(|| get("/sleep?0.2"))).collect();
        let answers = requests
            .into_iter()
            .map(|request| request.join().expect("it is answered"));
        answers.collect::<Vec<_>>()
    });
    assert_eq!(answers, vec![(200, "awake".to_string()); 8]);

    for path in ["/raise", "/silent"] {
        assert_eq!(get(path), (500, "the component gave no answer\n".to_string()), "{path}");
    }
    // What has been sent cannot be taken back; but it must not look whole.
    let broken = ureq::get(server.url("/break")).call();
    let received = broken.and_then(|mut response| response.body_mut().read_to_string());
    assert!(received.is_err(), "{received:?}");
    let said = std::fs::read_to_string(&errors).unwrap();
    assert!(said.contains("error: the answer to GET /break breaks off: "), "{said}");
    assert!(
        said.contains("    raise LookupError(\"nothing is where it should be\")\n"),
        "{said}"
    );
    assert!(said.contains("error: GET /raise has no answer: "), "{said}");
    assert!(
        said.contains("error: GET /silent has no answer: it returned without a response\n"),
        "{said}"
    );
}

/// How many bytes come back of a large body that is still being sent.
fn echoed(server: &Server) -> usize {
    let address = server.url("").replace("http://", "");
    let mut stream = TcpStream::connect(&address).expect("it listens");
    let head =
        format!("POST /echo HTTP/1.1\r\nhost: {address}\r\ncontent-length: {LARGE}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut sending = stream.try_clone().unwrap();
    let sender = thread::spawn(move || std::io::copy(&mut std::io::repeat(b'x').take(LARGE as u64), &mut sending));
    let mut received = 0;
    let mut chunk = vec![0; 1 << 16];
    loop {
        let length = stream.read(&mut chunk).expect("it answers");
        if length == 0 {
            break;
        }
        received += chunk[..length].iter().filter(|&&byte| byte == b'x').count();
    }
    sender.join().unwrap().expect("it takes the whole body");
    received
}

#[test]
fn store_and_configuration() {
    let wit = [
        ("wasmtime-wasi-config", "wit/deps"),
        ("wasmtime-wasi-keyvalue", "wit/deps"),
    ];
    let app = App::build("store", &wit);
    let flags = ["--config", "a=1", "--config", "b=zwei=2", "--keyvalue", "given=here"];
    let call = |flags: &[&str], call: &str| succeed(&mut app.run(flags, &[call]));
    assert_eq!(call(&flags, "settings()"), "[(\"a\", \"1\"), (\"b\", \"zwei=2\")]\n");
    assert_eq!(call(&flags, "setting(\"b\")"), "some(\"zwei=2\")\n");
    assert_eq!(call(&[], "setting(\"b\")"), "none\n");
    assert_eq!(call(&[], "fail()"), "\"Error_NoSuchStore\"\n");
    let visit = call(&flags, "visit()");
    for step in [
        r"given: b\'here\'",
        "bytes: True",
        "absent: None False",
        "deleted: False",
        "increment: [1, 42]",
        r"many: [\'1\', None, \'🐍\']",
        r"keys: [\'given\', \'蛇\'] None",
        "error: Error_Other",
    ] {
        assert!(visit.contains(&format!("\"{step}\"")), "{step}: {visit}");
    }
    let refused = app.run(&["--config", "nothing"], &["fail()"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("it has no `=`: KEY=VALUE is expected"));
}

//! WASI 0.3 as a world imports and exports it: its clocks, files and sockets, and an HTTP service behind a middleware.

use crate::composition::compose;
use ampoule_support::server::Server;
use ampoule_support::{ampoule, copy, copy_into, pinned, root, succeed};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::OnceLock;
use wasm_encoder::ComponentExportKind;

/// What the middleware imports of the service.
const HANDLER: &str = "wasi:http/handler@0.3.0";

/// The apps, beside the WIT that they share.
fn apps() -> &'static tempfile::TempDir {
    static APPS: OnceLock<tempfile::TempDir> = OnceLock::new();
    APPS.get_or_init(|| {
        let folder = copy(&root().join("tests/apps/interfaces"));
        let pins = root().join("tests/components/wasi/pins.json");
        let unpacked = pinned(&pins, "wasmtime-wasi-http", "wit-of-interfaces");
        copy_into(&unpacked.join("src/p3/wit/deps"), &folder.path().join("wit/deps"));
        folder
    })
}

fn build(app: &str) -> PathBuf {
    let printed = succeed(ampoule(apps().path()).args(["build", app]));
    apps().path().join(printed.trim_end())
}

/// What the command prints that does these things.
fn printed(flags: &[&str], what: &str) -> String {
    static COMMAND: OnceLock<PathBuf> = OnceLock::new();
    let command = COMMAND.get_or_init(|| build("command"));
    let mut run = ampoule(apps().path());
    succeed(run.arg("run").args(flags).arg(command).args(["--", what]))
}

#[test]
fn clocks() {
    assert_eq!(
        printed(&[], "clocks"),
        "waited True\nthe time is up\nthe same time True\n"
    );
}

#[test]
fn files() {
    let granted = tempfile::tempdir().expect("a scratch folder");
    let flag = format!("{}::/data", granted.path().display());
    let expected = "/data\n400000\nOk(value=None)\n400000\n399993\nOk(value=None)\n['text'] Ok(value=None)\nTrue\n";
    assert_eq!(printed(&["--dir", &flag], "files"), expected);
    let written = std::fs::read_to_string(granted.path().join("a/text")).expect("it was written");
    assert!(written == "Grüße\n".repeat(50_000));
}

#[test]
fn sockets() {
    let expected = "served Ok(value=None)\n500000 b'ping ' Ok(value=None) Ok(value=None)\nb'datagram' True\n";
    assert_eq!(printed(&["--network"], "sockets"), expected);
}

/// A middleware asks the service behind it, without a network between them, and changes what streams through.
#[test]
fn middleware() {
    let [service, middleware] = ["service", "middleware"].map(|app| std::fs::read(build(app)).expect("it was built"));
    let composed = apps().path().join("composed.wasm");
    let exports = [(HANDLER, ComponentExportKind::Instance)];
    std::fs::write(&composed, compose(&service, &middleware, HANDLER, &exports)).expect("the folder is ours");
    let server = Server::start(&composed, Stdio::inherit());
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let body = "some text, ".repeat(100_000);
    let mut answer = agent
        .post(server.url("/anywhere"))
        .header("authorization", "secret")
        .send(&body)
        .expect("it answers");
    let header = |name: &str| answer.headers()[name].to_str().expect("it is text").to_string();
    assert_eq!([header("greeting"), header("by")], ["Hello, Ada", "middleware"]);
    let shouted = answer.body_mut().read_to_string().expect("it is text");
    assert!(shouted == body.to_uppercase(), "{} bytes came back", shouted.len());
    let refused = agent.get(server.url("/")).call().expect("it answers");
    assert_eq!(refused.status().as_u16(), 403);
}

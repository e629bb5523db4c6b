//! `ampoule build --watch`: what a developer of an app sees after each change.

use ampoule_support::{ampoule, copy, copy_into, pinned, root};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long something may take before the test fails: only what never comes does.
const LIMIT: Duration = Duration::from_secs(1800);

/// A running command, which ends with the test.
struct Watching {
    child: Child,
    output: Receiver<String>,
    errors: Receiver<String>,
}

impl Watching {
    fn start(folder: &Path, flags: &[&str]) -> Watching {
        let mut command = ampoule(folder);
        command.args(["build", "--watch"]).args(flags);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Watching {
            output: lines(child.stdout.take().unwrap()),
            errors: lines(child.stderr.take().unwrap()),
            child,
        }
    }

    /// The next line on stdout.
    fn next(&self) -> String {
        self.output.recv_timeout(LIMIT).expect("there is another line")
    }

    /// Waits for a line on stderr that holds a text.
    fn complains(&self, text: &str) -> String {
        std::iter::from_fn(|| self.errors.recv_timeout(LIMIT).ok())
            .find(|line| line.contains(text))
            .unwrap_or_else(|| panic!("no line with {text}"))
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    receiver
}

fn replace(file: &Path, from: &str, to: &str) {
    let content = std::fs::read_to_string(file).unwrap();
    assert!(content.contains(from), "{} has {from}", file.display());
    std::fs::write(file, content.replace(from, to)).unwrap();
}

#[test]
fn each_change_is_built_and_called() {
    let project = copy(&root().join("examples/hello"));
    let app = project.path().join("app.py");
    let watching = Watching::start(project.path(), &["--run", "greet(\"Ada\")"]);
    assert_eq!([watching.next(), watching.next()], ["hello.wasm", "\"Hello, Ada!\""]);

    replace(&app, "Hello", "Good day");
    assert_eq!(watching.complains("app.py"), "app.py changed");
    assert_eq!([watching.next(), watching.next()], ["hello.wasm", "\"Good day, Ada!\""]);

    // A mistake is said, and the next change is built again; a file that nothing reads is none.
    replace(&app, "Good day", "\" +");
    watching.complains("error: ");
    std::fs::write(project.path().join(".hidden"), "").unwrap();
    replace(&app, "\" +", "Good evening");
    assert_eq!(
        [watching.next(), watching.next()],
        ["hello.wasm", "\"Good evening, Ada!\""]
    );

    let settings = project.path().join("pyproject.toml");
    replace(&settings, "name = \"hello\"", "name = \"other\"");
    assert_eq!(watching.complains("pyproject"), "pyproject.toml changed");
    assert_eq!(
        [watching.next(), watching.next()],
        ["other.wasm", "\"Good evening, Ada!\""]
    );
}

#[test]
fn the_newest_component_is_served() {
    let project = copy(&root().join("tests/apps/server"));
    let pins = root().join("tests/components/wasi/pins.json");
    let wasi = pinned(&pins, "wasmtime-wasi-http", "wit-of-watched");
    copy_into(&wasi.join("wit/deps"), &project.path().join("wit/deps"));
    let watching = Watching::start(project.path(), &["-o", "server.wasm", "--serve=127.0.0.1:0"]);
    assert_eq!(watching.next(), "server.wasm");
    let address = format!("{}/sleep?0", watching.next());
    assert_eq!(get(&address), "awake");

    replace(&project.path().join("app.py"), "awake", "wide awake");
    assert_eq!(watching.next(), "server.wasm");
    let end = Instant::now() + LIMIT;
    let mut bodies = std::iter::repeat_with(|| get(&address)).take_while(|_| Instant::now() < end);
    let newest = bodies.find(|body| body != "awake");
    assert_eq!(newest.as_deref(), Some("wide awake"), "the address stays the same");
}

fn get(address: &str) -> String {
    let mut response = ureq::get(address).call().unwrap();
    response.body_mut().read_to_string().unwrap()
}

#[test]
fn what_is_given_to_no_component_is_refused() {
    let refused = |flags: &[&str]| {
        let output = ampoule(&root().join("examples/hello"))
            .arg("build")
            .args(flags)
            .output()
            .unwrap();
        assert!(!output.status.success());
        ampoule_support::text(&output.stderr)
    };
    assert!(refused(&["--network"]).contains("add --watch with --run 'CALL' or --serve"));
    assert!(refused(&["--watch", "-o", "-"]).contains("give one with -o"));
    assert!(refused(&["--run", "greet(\"Ada\")"]).contains("--watch"));
}

//! `ampoule serve`, for as long as a test needs it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

/// A server on a free port, until it is dropped.
pub struct Server {
    process: Child,
    address: String,
}

impl Server {
    /// Serves a component; its stderr goes where the test says.
    pub fn start(component: &Path, errors: Stdio) -> Server {
        Server::with(component, &[], errors)
    }

    /// Serves it in one process, whose memory is the server's.
    pub fn alone(component: &Path, errors: Stdio) -> Server {
        Server::with(component, &["--processes", "1"], errors)
    }

    fn with(component: &Path, more: &[&str], errors: Stdio) -> Server {
        let folder = component.parent().expect("a file is in a folder");
        let mut command = super::ampoule(folder);
        command.args(["serve", "--address", "127.0.0.1:0"]);
        command.args(more).arg(component);
        command.stdout(Stdio::piped()).stderr(errors);
        let mut process = command.spawn().expect("it can be started");
        let stdout = process.stdout.take().expect("it is piped");
        let mut address = String::new();
        BufReader::new(stdout)
            .read_line(&mut address)
            .expect("it prints its address");
        let address = address.trim_end().to_string();
        Server { process, address }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// The processes that answer, the one that was started first.
    pub fn processes(&self) -> Vec<u32> {
        let first = self.process.id();
        let children = format!("/proc/{first}/task/{first}/children");
        let children = std::fs::read_to_string(children).expect("the server runs");
        let children = children
            .split_whitespace()
            .map(|number| number.parse().expect("it is a number"));
        std::iter::once(first).chain(children).collect()
    }

    /// The most memory that its first process has taken, in KiB.
    pub fn peak_memory(&self) -> u64 {
        let status = Path::new("/proc").join(self.process.id().to_string()).join("status");
        let status = std::fs::read_to_string(status).expect("the server runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        number.expect("Linux says it").parse().expect("it is a number")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().expect("it can be ended");
        self.process.wait().expect("it ends");
    }
}

//! Requests that a server answers in a second: what componentize-py has for HTTP, built by both, and an application of Flask beside
//! it, all under `ampoule serve`.

use crate::app::App;
use crate::builder::{Ampoule, Builder, Peer};
use crate::builds::build;
use crate::error::Error;
use crate::process;
use crate::report::Report;
use crate::statistics::median_of;
use ampoule_action::{FileError, Links, copy_folder, temporary_folder};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How many connections ask at once.
const CONNECTIONS: usize = 16;

/// How long each round lasts.
const ROUND: Duration = Duration::from_secs(3);

/// How many requests an instance answers where it is used again.
const MANY: u32 = 1_000_000;

/// Measures both servers in turns: with an instance for each request, and with instances that are used again.
pub fn measure(
    ampoule: &Ampoule,
    peer: &Peer,
    folder: &Path,
    wit: &Path,
    rounds: usize,
    report: &mut Report,
) -> Result<(), Error> {
    let scratch = temporary_folder()?;
    let flask = built_by_project(ampoule, &folder.join("flask"), scratch.path())?;
    let [theirs, same] = ["peer.wasm", "same.wasm"].map(|name| scratch.path().join(name));
    let app = scratch.path().join("peer");
    copy_folder(&folder.join("peer"), &app, Links::Kept, |_| true)?;
    copy_folder(wit, &app.join("wit/deps"), Links::Kept, |_| true)?;
    for (builder, component) in [(peer as &dyn Builder, &theirs), (ampoule, &same)] {
        let bytes = build(builder, &App::read(&app)?)?.0.bytes;
        ampoule_action::write(component, bytes)?;
    }
    for (what, ours) in [("the same server", &same), ("Flask", &flask)] {
        for (name, requests) in [("an instance each", 1), ("instances used again", MANY)] {
            let rates = rates(ampoule, [ours, &theirs], requests, rounds)?;
            report.figure(&format!("requests to {what} with {name}"), "1/s", rates);
        }
    }
    Ok(())
}

/// How many requests two components answer in a second, in turns.
fn rates(ampoule: &Ampoule, components: [&PathBuf; 2], requests: u32, rounds: usize) -> Result<[f64; 2], Error> {
    let [ours, theirs] = components.map(|component| Server::start(ampoule, component, requests));
    let servers = [ours?, theirs?];
    let mut rates = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        for (server, rates) in servers.iter().zip(&mut rates) {
            rates.push(server.rate()?);
        }
    }
    Ok(rates.map(median_of))
}

/// The component of a copy of a project.
fn built_by_project(ampoule: &Ampoule, project: &Path, scratch: &Path) -> Result<PathBuf, Error> {
    let copy = scratch.join("project");
    copy_folder(project, &copy, Links::Kept, |_| true)?;
    let component = scratch.join("ampoule.wasm");
    process::run(
        ampoule
            .program()
            .arg("build")
            .arg(&copy)
            .arg("--output")
            .arg(&component),
    )?;
    Ok(component)
}

/// `ampoule serve`, until it is dropped.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(ampoule: &Ampoule, component: &Path, requests: u32) -> Result<Server, Error> {
        let mut command = ampoule.program();
        command.args(["serve", "--address", "127.0.0.1:0", "--requests-per-instance"]);
        command.arg(requests.to_string()).arg(component).stdout(Stdio::piped());
        let mut process = command.spawn().map_err(FileError::reading(component))?;
        let mut line = String::new();
        let stdout = process.stdout.take().expect("it is piped");
        BufReader::new(stdout)
            .read_line(&mut line)
            .map_err(FileError::reading(component))?;
        let address = line.trim_end().trim_start_matches("http://").to_string();
        Ok(Server { process, address })
    }

    /// How many requests it answers in a second.
    fn rate(&self) -> Result<f64, Error> {
        let start = Instant::now();
        let counted = thread::scope(|scope| {
            let clients: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(|| self.ask(start))).collect();
            let counts = clients
                .into_iter()
                .map(|client| client.join().expect("a client does not panic"));
            counts.sum::<std::io::Result<usize>>()
        });
        let counted = counted.map_err(FileError::reading(Path::new(&self.address)))?;
        Ok(counted as f64 / start.elapsed().as_secs_f64())
    }

    /// How many requests of one connection are answered until the round ends.
    fn ask(&self, start: Instant) -> std::io::Result<usize> {
        let mut stream = TcpStream::connect(&self.address)?;
        let request = format!("GET / HTTP/1.1\r\nhost: {}\r\n\r\n", self.address);
        let (mut count, mut answer) = (0, vec![0; 4096]);
        while start.elapsed() < ROUND {
            stream.write_all(request.as_bytes())?;
            let mut length = 0;
            // The body is the last that comes, and both have the same.
            while !answer[..length].ends_with(b"Hello, World!") {
                let read = stream.read(&mut answer[length..])?;
                if read == 0 {
                    return Err(std::io::ErrorKind::UnexpectedEof.into());
                }
                length += read;
            }
            count += 1;
        }
        Ok(count)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

//! The processes of a server, each on a core of its own. Threads of a process share an address space, so that each page that an instance
//! copies or gives back interrupts the cores on which others run; processes share nothing (benches/README.md, "Servers").

use ampoule_action::print_message;
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::unistd::{Pid, dup2_stdin, getppid};
use std::fs::File;
use std::io;
use std::net::TcpListener;
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};

/// What tells a process that it is another one of a server: its core, and its parent's number. The server's socket is its standard input.
const VARIABLE: &str = "AMPOULE_SERVE_PROCESS";

/// Has other processes answer, too, who comes to this socket: with this one as many as said, at most one for each core. One that ends
/// does not end the others.
pub fn start(listener: &TcpListener, count: usize) -> io::Result<()> {
    let cores: Vec<usize> = cores()?.into_iter().take(count).collect();
    let [own, others @ ..] = cores.as_slice() else {
        return Ok(());
    };
    for core in others {
        let mut child = another(listener, *core)?;
        std::thread::spawn(move || {
            if let Ok(status) = child.wait() {
                print_message(format_args!(
                    "error: a process of the server has ended: {status}; the others go on"
                ));
            }
        });
    }
    match others {
        [] => Ok(()),
        _ => hold(*own),
    }
}

/// The socket that this process is to answer at, if it is not the first one of its server, with which it ends.
pub fn given() -> io::Result<Option<TcpListener>> {
    let told = std::env::var(VARIABLE).unwrap_or_default();
    let Some((core, parent)) = told.split_once(' ') else {
        return Ok(None);
    };
    let (Ok(core), Ok(parent)) = (core.parse(), parent.parse()) else {
        return Ok(None);
    };
    set_pdeathsig(Signal::SIGKILL)?;
    if getppid() != Pid::from_raw(parent) {
        return Err(io::Error::other("the server's first process has ended"));
    }
    hold(core)?;
    let listener = io::stdin().as_fd().try_clone_to_owned()?;
    dup2_stdin(File::open("/dev/null")?)?;
    Ok(Some(listener.into()))
}

/// This program once more, on another core.
fn another(listener: &TcpListener, core: usize) -> io::Result<Child> {
    let mut arguments = std::env::args_os();
    let mut command = Command::new(std::env::current_exe()?);
    arguments.next().map(|name| command.arg0(name));
    command
        .args(arguments)
        .env(VARIABLE, format!("{core} {}", std::process::id()))
        .stdin(listener.as_fd().try_clone_to_owned()?)
        .spawn()
}

/// The cores that this process may use.
fn cores() -> io::Result<Vec<usize>> {
    let set = sched_getaffinity(Pid::from_raw(0))?;
    let is_allowed = |core: &usize| set.is_set(*core).unwrap_or(false);
    Ok((0..CpuSet::count()).filter(is_allowed).collect())
}

/// Keeps this thread, and those that it makes from now on, on a core.
fn hold(core: usize) -> io::Result<()> {
    let mut set = CpuSet::new();
    set.set(core)?;
    Ok(sched_setaffinity(Pid::from_raw(0), &set)?)
}

//! Which function answers which import.

use crate::interfaces::{cli, clocks, drop_resource, filesystem, io, random, sockets};
use crate::{Host, HostError};
use std::collections::BTreeSet;
use wasmtime::{Error, ExternType, Linker, Module, Result};

/// Defines what the module imports from WASI. Any other imported function is defined as a trap that names itself.
pub fn add_to_linker(linker: &mut Linker<Host>, module: &Module) -> Result<(), HostError> {
    let mut defined = BTreeSet::new();
    for import in module.imports() {
        let (name, function) = (import.module(), import.name());
        if !defined.insert((name, function)) {
            continue;
        }
        if let ExternType::Func(kind) = import.ty() {
            let known = define(linker, name, function).map_err(HostError::Instantiate)?;
            if !known {
                let message = refusal(name, function);
                linker
                    .func_new(name, function, kind, move |_, _, _| Err(Error::msg(message.clone())))
                    .map_err(HostError::Instantiate)?;
            }
        }
    }
    Ok(())
}

fn refusal(module: &str, function: &str) -> String {
    format!("the program called {module} {function}, which is not available while the component is being built")
}

/// Defines one import, if this host has it. Interfaces are matched by name, whatever 0.2 version is asked for.
fn define(linker: &mut Linker<Host>, module: &str, function: &str) -> Result<bool> {
    let (interface, version) = module.split_once('@').unwrap_or((module, "0.2"));
    if !version.starts_with("0.2") || !interface.starts_with("wasi:") {
        return Ok(false);
    }
    if function.starts_with("[resource-drop]") {
        linker.func_wrap(module, function, drop_resource)?;
        return Ok(true);
    }
    match interface {
        "wasi:cli/environment" | "wasi:cli/exit" => define_cli(linker, module, function),
        "wasi:cli/stdin" | "wasi:cli/stdout" | "wasi:cli/stderr" => define_cli(linker, module, function),
        "wasi:cli/terminal-stdin" | "wasi:cli/terminal-stdout" | "wasi:cli/terminal-stderr" => {
            define_cli(linker, module, function)
        }
        "wasi:clocks/wall-clock" => define_wall_clock(linker, module, function),
        "wasi:clocks/monotonic-clock" => define_monotonic_clock(linker, module, function),
        "wasi:io/error" | "wasi:io/poll" | "wasi:io/streams" => define_io(linker, module, function),
        "wasi:filesystem/types" | "wasi:filesystem/preopens" => define_filesystem(linker, module, function),
        "wasi:random/random" | "wasi:random/insecure" | "wasi:random/insecure-seed" => {
            define_random(linker, module, function)
        }
        "wasi:sockets/instance-network"
        | "wasi:sockets/ip-name-lookup"
        | "wasi:sockets/tcp-create-socket"
        | "wasi:sockets/udp-create-socket" => define_sockets(linker, module, function),
        _ => Ok(false),
    }
}

fn define_cli(linker: &mut Linker<Host>, module: &str, function: &str) -> Result<bool> {
    match function {
        "get-environment" => linker.func_wrap(module, function, cli::get_environment)?,
        "get-arguments" => linker.func_wrap(module, function, cli::get_arguments)?,
        "initial-cwd" => linker.func_wrap(module, function, cli::initial_cwd)?,
        "exit" => linker.func_wrap(module, function, cli::exit)?,
        "exit-with-code" => linker.func_wrap(module, function, cli::exit_with_code)?,
        "get-stdin" => linker.func_wrap(module, function, cli::get_stdin)?,
        "get-stdout" => linker.func_wrap(module, function, cli::get_stdout)?,
        "get-stderr" => linker.func_wrap(module, function, cli::get_stderr)?,
        "get-terminal-stdin" | "get-terminal-stdout" | "get-terminal-stderr" => {
            linker.func_wrap(module, function, cli::no_terminal)?
        }
        _ => return Ok(false),
    };
    Ok(true)
}

fn define_wall_clock(linker: &mut Linker<Host>, module: &str, function: &str) -> Result<bool> {
    match function {
        "now" => linker.func_wrap(module, function, clocks::wall_clock_now)?,
        "resolution" => linker.func_wrap(module, function, clocks::wall_clock_resolution)?,
        _ => return Ok(false),
    };
    Ok(true)
}

fn define_monotonic_clock(linker: &mut Linker<Host>, module: &str, function: &str) -> Result<bool> {
    match function {
        "now" => linker.func_wrap(module, function, clocks::monotonic_now)?,
        "resolution" => linker.func_wrap(module, function, clocks::monotonic_resolution)?,
        "subscribe-instant" => linker.func_wrap(module, function, clocks::subscribe_instant)?,
        "subscribe-duration" => linker.func_wrap(module, function, clocks::subscribe_duration)?,
        _ => return Ok(false),
    };
    Ok(true)
}

fn define_random(linker: &mut Linker<Host>, module: &str, function: &str) -> Result<bool> {
    match function {
        "get-random-bytes" | "get-insecure-random-bytes" => {
            linker.func_wrap(module, function, random::get_random_bytes)?
        }
        "get-random-u64" | "get-insecure-random-u64" => linker.func_wrap(module, function, random::get_random_u64)?,
        "insecure-seed" => linker.func_wrap(module, function, random::insecure_seed)?,
        _ => return Ok(false),
    };
    Ok(true)
}

fn define_sockets(linker: &mut Linker<Host>, module: &str, function: &str) -> Result<bool> {
    match function {
        "instance-network" => linker.func_wrap(module, function, sockets::instance_network)?,
        "create-tcp-socket" | "create-udp-socket" => linker.func_wrap(module, function, sockets::create_socket)?,
        "resolve-addresses" => linker.func_wrap(module, function, sockets::resolve_addresses)?,
        _ => return Ok(false),
    };
    Ok(true)
}

fn define_io(linker: &mut Linker<Host>, module: &str, function: &str) -> Result<bool> {
    match function {
        "[method]error.to-debug-string" => linker.func_wrap(module, function, io::error_to_debug_string)?,
        "poll" => linker.func_wrap(module, function, io::poll)?,
        "[method]pollable.ready" => linker.func_wrap(module, function, io::ready)?,
        "[method]pollable.block" => linker.func_wrap(module, function, io::block)?,
        "[method]input-stream.read" | "[method]input-stream.blocking-read" => {
            linker.func_wrap(module, function, io::read)?
        }
        "[method]input-stream.skip" | "[method]input-stream.blocking-skip" => {
            linker.func_wrap(module, function, io::skip)?
        }
        "[method]input-stream.subscribe" | "[method]output-stream.subscribe" => {
            linker.func_wrap(module, function, io::subscribe)?
        }
        "[method]output-stream.check-write" => linker.func_wrap(module, function, io::check_write)?,
        "[method]output-stream.write" | "[method]output-stream.blocking-write-and-flush" => {
            linker.func_wrap(module, function, io::write)?
        }
        "[method]output-stream.write-zeroes" | "[method]output-stream.blocking-write-zeroes-and-flush" => {
            linker.func_wrap(module, function, io::write_zeroes)?
        }
        "[method]output-stream.flush" | "[method]output-stream.blocking-flush" => {
            linker.func_wrap(module, function, io::flush)?
        }
        "[method]output-stream.splice" | "[method]output-stream.blocking-splice" => {
            linker.func_wrap(module, function, io::splice)?
        }
        _ => return Ok(false),
    };
    Ok(true)
}

fn define_filesystem(linker: &mut Linker<Host>, module: &str, function: &str) -> Result<bool> {
    use filesystem as files;
    match function {
        "get-directories" => linker.func_wrap(module, function, files::get_directories)?,
        "filesystem-error-code" => linker.func_wrap(module, function, files::filesystem_error_code)?,
        "[method]directory-entry-stream.read-directory-entry" => {
            linker.func_wrap(module, function, files::read_directory_entry)?
        }
        _ => return define_descriptor(linker, module, function),
    };
    Ok(true)
}

fn define_descriptor(linker: &mut Linker<Host>, module: &str, function: &str) -> Result<bool> {
    use filesystem as files;
    let Some(method) = function.strip_prefix("[method]descriptor.") else {
        return Ok(false);
    };
    match method {
        "read-via-stream" => linker.func_wrap(module, function, files::read_via_stream)?,
        "write-via-stream" => linker.func_wrap(module, function, files::write_via_stream)?,
        "append-via-stream" => linker.func_wrap(module, function, files::append_via_stream)?,
        "advise" => linker.func_wrap(module, function, files::advise)?,
        "sync" | "sync-data" => linker.func_wrap(module, function, files::sync)?,
        "get-flags" => linker.func_wrap(module, function, files::get_flags)?,
        "get-type" => linker.func_wrap(module, function, files::get_type)?,
        "set-size" => linker.func_wrap(module, function, files::set_size)?,
        "set-times" => linker.func_wrap(module, function, files::set_times)?,
        "set-times-at" => linker.func_wrap(module, function, files::set_times_at)?,
        "read" => linker.func_wrap(module, function, files::read)?,
        "write" => linker.func_wrap(module, function, files::write)?,
        "read-directory" => linker.func_wrap(module, function, files::read_directory)?,
        "create-directory-at" => linker.func_wrap(module, function, files::create_directory_at)?,
        "stat" => linker.func_wrap(module, function, files::stat)?,
        "stat-at" => linker.func_wrap(module, function, files::stat_at)?,
        "link-at" => linker.func_wrap(module, function, files::link_at)?,
        "open-at" => linker.func_wrap(module, function, files::open_at)?,
        "readlink-at" => linker.func_wrap(module, function, files::readlink_at)?,
        "remove-directory-at" => linker.func_wrap(module, function, files::remove_directory_at)?,
        "rename-at" => linker.func_wrap(module, function, files::rename_at)?,
        "symlink-at" => linker.func_wrap(module, function, files::symlink_at)?,
        "unlink-file-at" => linker.func_wrap(module, function, files::unlink_file_at)?,
        "is-same-object" => linker.func_wrap(module, function, files::is_same_object)?,
        "metadata-hash" => linker.func_wrap(module, function, files::metadata_hash)?,
        "metadata-hash-at" => linker.func_wrap(module, function, files::metadata_hash_at)?,
        _ => return Ok(false),
    };
    Ok(true)
}

//! The host of `ampoule run` and `ampoule serve`: Wasmtime's WASI with what the command line gives the component.

use super::error::Error;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use wasmtime::component::ResourceTable;
use wasmtime::{Config, Enabled, Engine, OptLevel, PoolingAllocationConfig};
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_config::{WasiConfig, WasiConfigVariables};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};
use wasmtime_wasi_keyvalue::{WasiKeyValue, WasiKeyValueCtx};

/// An environment variable for the component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value; none means that of this process.
    pub value: Option<String>,
}

impl FromStr for Variable {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Variable, Infallible> {
        Ok(match text.split_once('=') {
            Some((name, value)) => Variable {
                name: name.to_string(),
                value: Some(value.to_string()),
            },
            None => Variable {
                name: text.to_string(),
                value: None,
            },
        })
    }
}

/// A folder for the component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// Where it is here.
    pub host: PathBuf,
    /// Where the component sees it.
    pub guest: String,
}

impl FromStr for Directory {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Directory, Infallible> {
        let (host, guest) = text.split_once("::").unwrap_or((text, text));
        Ok(Directory {
            host: PathBuf::from(host),
            guest: guest.to_string(),
        })
    }
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is found by.
    pub key: String,
    /// What is found.
    pub value: String,
}

impl FromStr for Entry {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Entry, &'static str> {
        let (key, value) = text.split_once('=').ok_or("it has no `=`: KEY=VALUE is expected")?;
        Ok(Entry {
            key: key.to_string(),
            value: value.to_string(),
        })
    }
}

/// What the component may use of this machine, beside the standard streams.
#[derive(Debug, Clone, clap::Args)]
pub struct Granted {
    /// Give the component an environment variable; without a value it is taken from the environment of this command
    #[arg(long = "env", value_name = "NAME[=VALUE]")]
    pub environment: Vec<Variable>,
    /// Give the component a folder, at the same path or at another one
    #[arg(long = "dir", value_name = "HOST[::GUEST]")]
    pub directories: Vec<Directory>,
    /// Let the component open sockets and look up names
    #[arg(long)]
    pub network: bool,
    /// Give the component a value that it reads with wasi:config
    #[arg(long = "config", value_name = "KEY=VALUE")]
    pub configuration: Vec<Entry>,
    /// Put a value into the store of wasi:keyvalue, which is in memory and as given whenever the component opens it
    #[arg(long = "keyvalue", value_name = "KEY=VALUE")]
    pub values: Vec<Entry>,
}

impl Granted {
    /// Whether nothing is given.
    pub fn is_nothing(&self) -> bool {
        let Granted {
            environment,
            directories,
            network,
            configuration,
            values,
        } = self;
        environment.is_empty() && directories.is_empty() && !network && configuration.is_empty() && values.is_empty()
    }
}

/// What the component's store holds.
pub struct Host {
    context: WasiCtx,
    http: WasiHttpCtx,
    configuration: WasiConfigVariables,
    values: WasiKeyValueCtx,
    table: ResourceTable,
}

impl Host {
    /// A host with the standard streams of this process and what the command line gives.
    pub fn new(program: &Path, granted: &Granted, arguments: &[String]) -> Result<Host, Error> {
        let mut builder = WasiCtx::builder();
        builder.inherit_stdio().allow_blocking_current_thread(true);
        let name = program.file_name().unwrap_or_default();
        builder.arg(name.to_string_lossy()).args(arguments);
        for Variable { name, value } in &granted.environment {
            match value.clone().or_else(|| std::env::var(name).ok()) {
                Some(value) => builder.env(name, value),
                None => &mut builder,
            };
        }
        for Directory { host, guest } in &granted.directories {
            builder
                .preopened_dir(host, guest, FsPerms::ReadWrite)
                .map_err(|error| Error::Directory {
                    path: host.clone(),
                    reason: error.root_cause().to_string(),
                })?;
        }
        if granted.network {
            builder
                .inherit_network()
                .allow_ip_name_lookup(true)
                .allow_tcp(true)
                .allow_udp(true);
        }
        Ok(Host {
            context: builder.build(),
            http: WasiHttpCtx::new(),
            configuration: pairs(&granted.configuration).into_iter().collect(),
            values: WasiKeyValueCtx::builder()
                .in_memory_data(pairs(&granted.values))
                .build(),
            table: ResourceTable::new(),
        })
    }

    /// Its wasi:config.
    pub fn configuration(&mut self) -> WasiConfig<'_> {
        WasiConfig::new(&self.configuration)
    }

    /// Its wasi:keyvalue.
    pub fn values(&mut self) -> WasiKeyValue<'_> {
        WasiKeyValue::new(&self.values, &mut self.table)
    }
}

/// The last value of each key.
fn pairs(entries: &[Entry]) -> BTreeMap<String, String> {
    let pairs = entries.iter().map(|entry| (entry.key.clone(), entry.value.clone()));
    pairs.collect()
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.context,
            table: &mut self.table,
        }
    }
}

impl WasiHttpView for Host {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            ctx: &mut self.http,
            table: &mut self.table,
            hooks: Default::default(),
        }
    }
}

/// An engine that compiles quickly, since the code is used once.
pub fn engine() -> wasmtime::Result<Engine> {
    let mut config = configuration();
    config.cranelift_opt_level(OptLevel::None);
    Engine::new(&config)
}

/// How many instances a server has at most; what comes beside them waits.
pub const INSTANCES: u32 = 500;

/// How many core instances, memories and tables an instance has at most, in the mean.
const PARTS: u32 = 10;

/// How many functions an instance's table may hold, and how many bytes Wasmtime may need beside its memory.
const TABLE: usize = 200_000;
const INSTANCE: usize = 16 << 20;

/// As many bytes of an instance's memory stay resident for the next one, which finds them as the component has them: where the kernel
/// can tell which they are (Linux 6.7).
const RESIDENT: usize = 64 << 20;

/// An engine for a server, whose instances come one after another: it compiles well, and reserves the memory of all instances at its
/// start, so that a new one has nothing to ask of the kernel, and finds pages that it need not fault in.
///
/// # Errors
/// When this process may not have so much address space.
pub fn pooling_engine() -> wasmtime::Result<Engine> {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(INSTANCES)
        .total_core_instances(INSTANCES * PARTS)
        .total_memories(INSTANCES)
        .total_tables(INSTANCES * PARTS)
        .total_stacks(INSTANCES)
        .max_component_instance_size(INSTANCE)
        .max_core_instance_size(INSTANCE)
        .table_elements(TABLE)
        .async_stack_keep_resident(RESIDENT);
    if PoolingAllocationConfig::is_pagemap_scan_available() {
        pool.pagemap_scan(Enabled::Yes)
            .linear_memory_keep_resident(RESIDENT)
            .table_keep_resident(RESIDENT);
    }
    let mut config = configuration();
    config.cranelift_opt_level(OptLevel::Speed);
    config.allocation_strategy(pool);
    Engine::new(&config)
}

/// What components may use of the component model.
fn configuration() -> Config {
    let mut config = Config::new();
    config.wasm_component_model_async(true);
    config.wasm_component_model_error_context(true);
    config.wasm_component_model_map(true);
    config.wasm_component_model_fixed_length_lists(true);
    config
}

//! Ampoule's Python interpreter, driven through its guest API.

use crate::command::instantiate;
use crate::{Host, HostConfiguration, HostError};
use wasmtime::{Global, Instance, Memory, Module, Store, Table, WasmParams, WasmResults};

/// A running interpreter: an instance of `base.wasm`, of `initialised.wasm` or of a linked module.
pub struct Python {
    /// The store, for what this type has no method for.
    pub store: Store<Host>,
    instance: Instance,
}

/// How Python code ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It ran to its end.
    Done,
    /// It raised an exception, which the interpreter has already printed to standard error.
    Raised,
}

impl Python {
    /// Instantiates the module. Nothing of it runs yet.
    ///
    /// Call this, and all else of the interpreter, from [`crate::on_large_stack`].
    pub fn new(module: &Module, configuration: HostConfiguration) -> Result<Python, HostError> {
        let (store, instance) = instantiate(module, configuration)?;
        Ok(Python { store, instance })
    }

    /// Runs the module's constructors, then initialises Python with a seed for its hashes (as `PYTHONHASHSEED`): for `base.wasm`.
    pub fn initialize(&mut self, hash_seed: u32) -> Result<Outcome, HostError> {
        self.call::<(), ()>("_initialize", ())?;
        let status = self.call::<u32, u32>("ampoule_initialize", hash_seed)?;
        Ok(outcome(status))
    }

    /// Makes an extension module known to the interpreter's `dlopen`: its path in the file system, the name of its
    /// init function, and that function's place in the table.
    pub fn register_extension(&mut self, path: &str, symbol: &str, slot: u32) -> Result<Outcome, HostError> {
        let path = self.pass(format!("{path}\0").as_bytes())?;
        let symbol = self.pass(format!("{symbol}\0").as_bytes())?;
        let status = self.call::<_, u32>("ampoule_register_extension", (path, symbol, slot))?;
        self.call::<_, ()>("ampoule_release", symbol)?;
        self.call::<_, ()>("ampoule_release", path)?;
        Ok(outcome(status))
    }

    /// Tells the interpreter the types of the functions in the table, from a slot on.
    pub fn describe_functions(&mut self, first: u32, signatures: &str) -> Result<(), HostError> {
        let signatures = self.pass(format!("{signatures}\0").as_bytes())?;
        self.call::<_, ()>("ampoule_describe_functions", (first, signatures))
    }

    /// Runs Python source in a fresh `__main__`.
    pub fn execute(&mut self, source: &str) -> Result<Outcome, HostError> {
        let address = self.pass(source.as_bytes())?;
        let status = self.call::<_, u32>("ampoule_execute", (address, source.len() as u32))?;
        self.call::<_, ()>("ampoule_release", address)?;
        Ok(outcome(status))
    }

    /// The text that an exported function gives, which ends with a zero.
    pub fn text(&mut self, function: &str) -> Result<String, HostError> {
        let address = self.call::<(), u32>(function, ())?;
        if address == 0 {
            return Err(HostError::Allocation(0));
        }
        let memory = self.memory()?;
        let bytes = memory.data(&self.store).get(address as usize..).unwrap_or_default();
        let length = bytes.iter().position(|byte| *byte == 0);
        let length = length.ok_or(HostError::Memory(u64::from(address)))?;
        let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
        self.call::<_, ()>("ampoule_release", address)?;
        Ok(text)
    }

    /// Leaves the image of the files that the component has at run time in the interpreter's memory.
    pub fn embed(&mut self, image: &[u8]) -> Result<(), HostError> {
        let address = self.pass(image)?;
        self.call::<_, ()>("ampoule_embed", address)
    }

    /// Brings the interpreter into the state in which it is captured.
    pub fn finish(&mut self) -> Result<Outcome, HostError> {
        let status = self.call::<(), u32>("ampoule_finish", ())?;
        Ok(outcome(status))
    }

    /// Calls an exported function.
    pub fn call<Parameters: WasmParams, Results: WasmResults>(
        &mut self,
        function: &str,
        parameters: Parameters,
    ) -> Result<Results, HostError> {
        self.instance
            .get_func(&mut self.store, function)
            .ok_or_else(|| HostError::MissingExport(function.to_owned()))?
            .typed::<Parameters, Results>(&self.store)
            .map_err(HostError::Instantiate)?
            .call(&mut self.store, parameters)
            .map_err(|error| HostError::of_call(function, error))
    }

    /// Copies bytes into memory that the interpreter allocates; release it by `ampoule_release`.
    pub fn pass(&mut self, bytes: &[u8]) -> Result<u32, HostError> {
        let address = self.call::<u32, u32>("ampoule_allocate", bytes.len() as u32)?;
        if address == 0 {
            return Err(HostError::Allocation(bytes.len()));
        }
        self.memory()?
            .write(&mut self.store, address as usize, bytes)
            .map_err(|_| HostError::Memory(u64::from(address)))?;
        Ok(address)
    }

    /// The instance.
    pub fn instance(&self) -> &Instance {
        &self.instance
    }

    /// The linear memory.
    pub fn memory(&mut self) -> Result<Memory, HostError> {
        self.instance
            .get_memory(&mut self.store, "memory")
            .ok_or_else(|| HostError::MissingExport("memory".to_owned()))
    }

    /// The table of functions.
    pub fn table(&mut self) -> Result<Table, HostError> {
        self.instance
            .get_table(&mut self.store, "__indirect_function_table")
            .ok_or_else(|| HostError::MissingExport("__indirect_function_table".to_owned()))
    }

    /// An exported global.
    pub fn global(&mut self, name: &str) -> Result<Global, HostError> {
        self.instance
            .get_global(&mut self.store, name)
            .ok_or_else(|| HostError::MissingExport(name.to_owned()))
    }
}

fn outcome(status: u32) -> Outcome {
    match status {
        0 => Outcome::Done,
        _ => Outcome::Raised,
    }
}

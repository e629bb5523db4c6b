//! Exports whose result needs no memory clean up before they return, so that the host has one call to make and not two.
//!
//! wit-dylib gives each export a `cabi_post_` function (Component Model, Canonical ABI, `post-return`), which ends the call in the
//! guest. Where the core result is a value, not an address, that can be done at once: a wrapper calls both.

use crate::order::functions_of;
use ampoule_module::CoreModule;
use std::collections::BTreeMap;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, ExportKind, ExportSection, Function, FunctionSection, ValType};
use wasmparser::Parser;
use wit_parser::abi::AbiVariant;
use wit_parser::{Function as WitFunction, Resolve, WorldId, WorldItem};

/// How the exports are called that clean up after an export.
const POST_RETURN: &str = "cabi_post_";

/// Rewrites the module of a world.
///
/// # Errors
/// When the module is not well-formed.
pub(crate) fn clean_up_before_return(module: &[u8], resolve: &Resolve, world: WorldId) -> anyhow::Result<Vec<u8>> {
    let read = CoreModule::read(module)?;
    let exports: BTreeMap<&str, u32> = read.exported_functions().collect();
    let wrappers = exports_without_memory(resolve, world)
        .filter_map(|name| {
            let function = *exports.get(name.as_str())?;
            let post_return = *exports.get(format!("{POST_RETURN}{name}").as_str())?;
            Some((name, Wrapper::new(&read, function, post_return)))
        })
        .collect();
    let mut rewrite = Rewrite {
        wrappers,
        first: read.functions.len(),
    };
    let mut rewritten = wasm_encoder::Module::new();
    rewrite.parse_core_module(&mut rewritten, Parser::new(0), module)?;
    Ok(rewritten.finish())
}

/// The core names of the exported functions whose core result is not the address of a result in memory. A value with an address
/// inside has two core values or more, and so is in memory itself.
fn exports_without_memory(resolve: &Resolve, world: WorldId) -> impl Iterator<Item = String> {
    let needs_none = |function: &&WitFunction| !resolve.wasm_signature(AbiVariant::GuestExport, function).retptr;
    resolve.worlds[world].exports.iter().flat_map(move |(key, item)| {
        let is_interface = matches!(item, WorldItem::Interface { .. });
        let interface = is_interface.then(|| resolve.name_world_key(key));
        let functions = functions_of(resolve, item).into_iter().filter(needs_none);
        functions.map(move |function| function.legacy_core_export_name(interface.as_deref()).into_owned())
    })
}

/// A function that calls an export and then cleans up after it.
struct Wrapper {
    function: u32,
    post_return: u32,
    ty: u32,
    parameters: u32,
    result: Option<wasmparser::ValType>,
}

impl Wrapper {
    fn new(read: &CoreModule<'_>, function: u32, post_return: u32) -> Wrapper {
        let ty = read.functions[function as usize];
        let signature = &read.types[ty as usize];
        Wrapper {
            function,
            post_return,
            ty,
            parameters: u32::try_from(signature.params().len()).expect("the canonical ABI has at most 16"),
            result: signature.results().first().copied(),
        }
    }

    fn body(&self) -> Result<Function, Error> {
        let result = self.result.map(ValType::try_from).transpose()?;
        let mut body = Function::new(result.map(|ty| (1, ty)));
        let mut code = body.instructions();
        for parameter in 0..self.parameters {
            code.local_get(parameter);
        }
        code.call(self.function);
        // The result is handed to the clean-up too, as the host would.
        if result.is_some() {
            code.local_tee(self.parameters);
        }
        code.call(self.post_return);
        if result.is_some() {
            code.local_get(self.parameters);
        }
        code.end();
        Ok(body)
    }
}

/// Adds the wrappers behind all other functions, and exports them in place of what they wrap.
struct Rewrite {
    /// By the names of the exports.
    wrappers: BTreeMap<String, Wrapper>,
    /// The index of the first wrapper.
    first: usize,
}

impl Rewrite {
    fn index(&self, name: &str) -> Option<u32> {
        let position = self.wrappers.keys().position(|wrapped| wrapped == name)?;
        Some(u32::try_from(self.first + position).expect("a module has fewer functions"))
    }
}

impl Reencode for Rewrite {
    type Error = std::convert::Infallible;

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        wasm_encoder::reencode::utils::parse_function_section(self, functions, section)?;
        self.wrappers.values().for_each(|wrapper| {
            functions.function(wrapper.ty);
        });
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: wasmparser::CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        wasm_encoder::reencode::utils::parse_code_section(self, code, section)?;
        for wrapper in self.wrappers.values() {
            code.function(&wrapper.body()?);
        }
        Ok(())
    }

    fn parse_export(&mut self, exports: &mut ExportSection, export: wasmparser::Export<'_>) -> Result<(), Error> {
        let wrapped = export.name.strip_prefix(POST_RETURN);
        if wrapped.is_some_and(|name| self.wrappers.contains_key(name)) {
            return Ok(());
        }
        match self.index(export.name) {
            Some(index) => {
                exports.export(export.name, ExportKind::Func, index);
                Ok(())
            }
            None => wasm_encoder::reencode::utils::parse_export(self, exports, export),
        }
    }
}

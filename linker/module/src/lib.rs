//! What a core module shows: its imports, its exports and the types of its functions.

use wasmparser::{BinaryReaderError, Export, ExternalKind, FuncType, Import, Parser, Payload, TypeRef};

/// What a core module shows of itself. Its code is not read.
#[derive(Debug, Default)]
pub struct CoreModule<'a> {
    /// The imports, in the module's order.
    pub imports: Vec<Import<'a>>,
    /// The exports, in the module's order.
    pub exports: Vec<Export<'a>>,
    /// The types of functions.
    pub types: Vec<FuncType>,
    /// The type of each function, the imported ones first: a place in `types`.
    pub functions: Vec<u32>,
}

impl<'a> CoreModule<'a> {
    /// Reads a module up to its code.
    ///
    /// # Errors
    /// When it is not well-formed.
    pub fn read(module: &'a [u8]) -> Result<CoreModule<'a>, BinaryReaderError> {
        let mut read = CoreModule::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(section) => {
                    read.types = section.into_iter_err_on_gc_types().collect::<Result<_, _>>()?;
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        read.add_import(import?);
                    }
                }
                Payload::FunctionSection(section) => {
                    for index in section {
                        read.functions.push(index?);
                    }
                }
                Payload::ExportSection(section) => read.exports = section.into_iter().collect::<Result<_, _>>()?,
                Payload::CodeSectionStart { .. } => break,
                _ => {}
            }
        }
        Ok(read)
    }

    fn add_import(&mut self, import: Import<'a>) {
        if let TypeRef::Func(index) = import.ty {
            self.functions.push(index);
        }
        self.imports.push(import);
    }

    /// The names and indices of the functions that the module exports, in its order.
    pub fn exported_functions(&self) -> impl Iterator<Item = (&'a str, u32)> {
        let functions = self.exports.iter().filter(|export| export.kind == ExternalKind::Func);
        functions.map(|export| (export.name, export.index))
    }

    /// The type of a function, if there is such a function.
    pub fn function_type(&self, function: u32) -> Option<&FuncType> {
        let index = self.functions.get(function as usize)?;
        self.types.get(*index as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imported_functions_come_before_the_modules_own() {
        let module = wat::parse_str(
            r#"(module
                (import "env" "memory" (memory 1))
                (import "env" "log" (func $log (param i64)))
                (global $size (export "size") i32 (i32.const 1))
                (func $add (export "add") (param i32 i32) (result i32) local.get 0)
                (export "log" (func $log)))"#,
        )
        .unwrap();
        let read = CoreModule::read(&module).unwrap();
        let imports: Vec<&str> = read.imports.iter().map(|import| import.name).collect();
        assert_eq!(imports, ["memory", "log"]);
        let functions: Vec<(&str, u32)> = read.exported_functions().collect();
        assert_eq!(functions, [("add", 1), ("log", 0)]);
        assert_eq!(read.function_type(0).unwrap().params(), [wasmparser::ValType::I64]);
        assert_eq!(read.function_type(1).unwrap().params().len(), 2);
        assert!(read.function_type(2).is_none());
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(CoreModule::read(b"\0asm").is_err());
        assert!(CoreModule::read(b"text").is_err());
    }
}

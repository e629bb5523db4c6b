//! Rewrites what has indices for the linked module: the code of units, and all modules' expressions.

use crate::code::origin;
use crate::indices::{GlobalUse, Indices, Types};
use crate::layout::Addresses;
use crate::unit::Origins;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{Function, Instruction};
use wasmparser::{FuncType, FunctionBody, Operator};

/// A type by its index where only a function's type can be merged.
#[derive(Debug, thiserror::Error)]
#[error("its globals or tables have a type of its own")]
pub(crate) struct OwnType;

/// A rewriter for one module.
pub(crate) struct Rewriter<'w> {
    pub(crate) place: usize,
    /// The types that indices mean.
    pub(crate) own_types: &'w [FuncType],
    /// Where indices come from; none if they are the input's.
    pub(crate) origins: Option<&'w Origins>,
    pub(crate) addresses: &'w Addresses,
    pub(crate) indices: &'w Indices,
    pub(crate) types: &'w Types,
}

impl Rewriter<'_> {
    /// Rewrites a function's body.
    pub(crate) fn body(&mut self, body: &FunctionBody<'_>) -> Result<Function, Error<OwnType>> {
        let mut code = self.new_function_with_parsed_locals(body)?;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let operator = operators.read()?;
            code.instruction(&self.instruction(operator)?);
        }
        Ok(code)
    }

    fn constant(&self, global: u32) -> Option<i32> {
        let global = origin(self.origins, |origins| &origins.globals, global);
        self.addresses.constant(self.place, global)
    }
}

impl Reencode for Rewriter<'_> {
    type Error = OwnType;

    fn instruction<'i>(&mut self, operator: Operator<'i>) -> Result<Instruction<'i>, Error<OwnType>> {
        match operator {
            Operator::GlobalGet { global_index } if let Some(value) = self.constant(global_index) => {
                Ok(Instruction::I32Const(value))
            }
            // What sets a global to its constant value is left without effect.
            Operator::GlobalSet { global_index } if self.constant(global_index).is_some() => Ok(Instruction::Drop),
            operator => utils::instruction(self, operator),
        }
    }

    fn const_expr(&mut self, expression: wasmparser::ConstExpr<'_>) -> Result<wasm_encoder::ConstExpr, Error<OwnType>> {
        match self.addresses.evaluate(self.place, &expression) {
            Some(value) => Ok(wasm_encoder::ConstExpr::i32_const(value)),
            None => utils::const_expr(self, expression),
        }
    }

    fn function_index(&mut self, function: u32) -> Result<u32, Error<OwnType>> {
        let function = origin(self.origins, |origins| &origins.functions, function);
        Ok(self.indices.function_of(self.place, function))
    }

    fn global_index(&mut self, global: u32) -> Result<u32, Error<OwnType>> {
        let global = origin(self.origins, |origins| &origins.globals, global);
        match self.indices.global_of(self.place, global) {
            GlobalUse::Index(index) => Ok(index),
            GlobalUse::Constant(_) => unreachable!("all uses of a constant are replaced"),
        }
    }

    fn tag_index(&mut self, tag: u32) -> Result<u32, Error<OwnType>> {
        let tag = origin(self.origins, |origins| &origins.tags, tag);
        Ok(self.indices.tag_of(self.place, tag))
    }

    fn type_index(&mut self, index: u32) -> Result<u32, Error<OwnType>> {
        let own = self.own_types.get(index as usize);
        own.and_then(|own| self.types.get(own)).ok_or(Error::UserError(OwnType))
    }

    fn data_index(&mut self, data: u32) -> Result<u32, Error<OwnType>> {
        let data = origin(self.origins, |origins| &origins.data, data);
        Ok(self.indices.data_of(self.place, data))
    }

    fn element_index(&mut self, element: u32) -> Result<u32, Error<OwnType>> {
        let element = origin(self.origins, |origins| &origins.elements, element);
        Ok(self.indices.element_of(self.place, element))
    }
}

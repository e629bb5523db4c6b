//! Rewrites one input's code and expressions for the linked module: new indices, and constants where the addresses are known.

use crate::indices::{GlobalUse, Indices, Types};
use crate::layout::Addresses;
use crate::read::Module;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{Encode, Function, Instruction};
use wasmparser::{FunctionBody, Operator};

/// A rewriter for one module.
pub(crate) struct Rewriter<'w, 'a> {
    pub(crate) place: usize,
    pub(crate) module: &'w Module<'a>,
    pub(crate) addresses: &'w Addresses,
    pub(crate) indices: &'w Indices,
    pub(crate) types: &'w mut Types,
    /// How many instructions have become a part of a constant.
    pub(crate) folded: u64,
}

impl Rewriter<'_, '_> {
    /// Rewrites a function's body.
    pub(crate) fn body(&mut self, body: &FunctionBody<'_>) -> Result<Function, Error> {
        let mut folder = Folder {
            code: self.new_function_with_parsed_locals(body)?,
            constants: Vec::new(),
            folded: 0,
        };
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let operator = operators.read()?;
            folder.instruction(&self.instruction(operator)?);
        }
        self.folded += folder.folded;
        Ok(folder.finish())
    }

    fn constant(&self, global: u32) -> Option<i32> {
        self.addresses.constant(self.place, global)
    }
}

impl Reencode for Rewriter<'_, '_> {
    type Error = Infallible;

    fn instruction<'i>(&mut self, operator: Operator<'i>) -> Result<Instruction<'i>, Error> {
        match operator {
            Operator::GlobalGet { global_index } if let Some(value) = self.constant(global_index) => {
                self.folded += 1;
                Ok(Instruction::I32Const(value))
            }
            // What sets a global to its constant value is left without effect.
            Operator::GlobalSet { global_index } if self.constant(global_index).is_some() => Ok(Instruction::Drop),
            operator => utils::instruction(self, operator),
        }
    }

    fn const_expr(&mut self, expression: wasmparser::ConstExpr<'_>) -> Result<wasm_encoder::ConstExpr, Error> {
        match self.addresses.evaluate(self.place, &expression) {
            Some(value) => Ok(wasm_encoder::ConstExpr::i32_const(value)),
            None => utils::const_expr(self, expression),
        }
    }

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        Ok(self.indices.function_of(self.place, function))
    }

    fn global_index(&mut self, global: u32) -> Result<u32, Error> {
        match self.indices.global_of(self.place, global) {
            GlobalUse::Index(index) => Ok(index),
            GlobalUse::Constant(_) => unreachable!("all uses of a constant are replaced"),
        }
    }

    fn tag_index(&mut self, tag: u32) -> Result<u32, Error> {
        Ok(self.indices.tag_of(self.place, tag))
    }

    fn type_index(&mut self, index: u32) -> Result<u32, Error> {
        self.types.index(&self.module.types[index as usize])
    }

    fn data_index(&mut self, data: u32) -> Result<u32, Error> {
        Ok(self.indices.data_of(self.place, data))
    }

    fn element_index(&mut self, element: u32) -> Result<u32, Error> {
        Ok(self.indices.element_of(self.place, element))
    }
}

/// Adds up constants while code is written: an address in position-independent code is the base plus an offset.
///
/// Constants are held back until the next instruction shows whether it adds them. Nothing can jump between the two.
struct Folder {
    code: Function,
    constants: Vec<i32>,
    folded: u64,
}

impl Folder {
    fn instruction(&mut self, instruction: &Instruction<'_>) {
        match (instruction, &self.constants[..]) {
            (Instruction::I32Const(value), _) => self.constants.push(*value),
            (Instruction::I32Add, [.., left, right]) => {
                let sum = left.wrapping_add(*right);
                self.constants.truncate(self.constants.len() - 2);
                self.constants.push(sum);
                self.folded += 1;
            }
            (Instruction::Drop, [.., _]) => {
                self.constants.pop();
                self.folded += 1;
            }
            _ => {
                self.write_constants();
                self.code.instruction(instruction);
            }
        }
    }

    fn write_constants(&mut self) {
        for value in self.constants.drain(..) {
            self.code.instruction(&Instruction::I32Const(value));
        }
    }

    fn finish(mut self) -> Function {
        self.write_constants();
        self.code
    }
}

/// The number of bytes that a body takes in the code section, its length included.
pub(crate) fn encoded_size(function: &Function) -> u64 {
    let mut length = Vec::new();
    function.byte_len().encode(&mut length);
    (function.byte_len() + length.len()) as u64
}

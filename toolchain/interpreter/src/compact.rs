//! The base is made smaller once, so that no link has to.
//!
//! wasm-ld leaves room for five bytes in each index and address, and writes the sum of a symbol's address and an offset as an addition.
//! All indices stay as they are.

use crate::Error;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error as ReencodeError, Reencode};
use wasm_encoder::{CodeSection, Function, Instruction, Module};
use wasmparser::{FunctionBody, Parser};

/// The base with each number in as few bytes as it takes, and sums of constants added up.
pub(crate) fn compact(base: &[u8]) -> Result<Vec<u8>, Error> {
    let mut module = Module::new();
    Compact
        .parse_core_module(&mut module, Parser::new(0), base)
        .map_err(|error| Error::Base(error.to_string()))?;
    Ok(module.finish())
}

struct Compact;

impl Reencode for Compact {
    type Error = Infallible;

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), ReencodeError<Infallible>> {
        let mut adder = Adder {
            code: self.new_function_with_parsed_locals(&body)?,
            constants: Vec::new(),
        };
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            adder.instruction(&self.instruction(operators.read()?)?);
        }
        adder.write_constants();
        code.function(&adder.code);
        Ok(())
    }
}

/// Adds up constants while code is written.
///
/// Constants are held back until the next instruction shows whether it adds them. Nothing can jump between the two.
struct Adder {
    code: Function,
    constants: Vec<i32>,
}

impl Adder {
    fn instruction(&mut self, instruction: &Instruction<'_>) {
        match (instruction, &self.constants[..]) {
            (Instruction::I32Const(value), _) => self.constants.push(*value),
            (Instruction::I32Add, [.., left, right]) => {
                let sum = left.wrapping_add(*right);
                self.constants.truncate(self.constants.len() - 2);
                self.constants.push(sum);
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_constants_are_added_up() {
        let text = |body| format!("(module (memory 1) (func (param i32) (result i32) {body}))");
        let module = |body| wat::parse_str(text(body)).unwrap();
        let sum = module("i32.const 70000 i32.const 8 i32.add i32.load");
        assert_eq!(compact(&sum).unwrap(), module("i32.const 70008 i32.load"));
        let kept = module("local.get 0 i32.const 8 i32.add i32.const 1 i32.const 2 i32.sub drop");
        assert_eq!(compact(&kept).unwrap(), kept);
    }

    #[test]
    fn numbers_take_no_more_bytes_than_they_need() {
        let short = wat::parse_str("(module (func (call 0)))").unwrap();
        let call = [0x10, 0x00, 0x0b];
        let place = short.windows(3).position(|bytes| bytes == call).unwrap();
        let mut long = short.clone();
        long.splice(place + 1..place + 2, [0x80, 0x80, 0x80, 0x80, 0x00]);
        // The lengths of the body and of the section: one byte each.
        long[place - 2] += 4;
        long[place - 4] += 4;
        assert!(wasmparser::validate(&long).is_ok());
        assert_eq!(compact(&long).unwrap(), short);
    }
}

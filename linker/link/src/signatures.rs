//! The types of functions, in a character each: the interpreter looks them up, as WebAssembly calls no function by another type, and
//! extension modules have functions of the wrong one in their tables of methods.

use wasmparser::{FuncType, ValType};

/// A function that only takes or gives other values, or no function.
pub(crate) const UNKNOWN: char = '-';

/// More parameters than this no method has.
const MOST: usize = 5;

/// The character of a type: a digit if its function makes one i32 of so many, a letter if it takes so many to give nothing.
pub(crate) fn signature(function: &FuncType) -> char {
    let parameters = function.params();
    let first = match function.results() {
        [ValType::I32] => b'0',
        [] => b'a',
        _ => return UNKNOWN,
    };
    if parameters.len() > MOST || parameters.iter().any(|parameter| *parameter != ValType::I32) {
        return UNKNOWN;
    }
    char::from(first + parameters.len() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_a_character() {
        let of = |parameters: &[ValType], results: &[ValType]| {
            signature(&FuncType::new(parameters.iter().copied(), results.iter().copied()))
        };
        assert_eq!(of(&[], &[ValType::I32]), '0');
        assert_eq!(of(&[ValType::I32; 5], &[ValType::I32]), '5');
        assert_eq!(of(&[ValType::I32; 6], &[ValType::I32]), UNKNOWN);
        assert_eq!(of(&[ValType::I32; 3], &[]), 'd');
        assert_eq!(of(&[ValType::I32, ValType::I64], &[ValType::I32]), UNKNOWN);
        assert_eq!(of(&[ValType::I32], &[ValType::F64]), UNKNOWN);
    }
}

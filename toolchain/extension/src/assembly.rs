//! Inline assembly: its directives can read files that the compiler's dependency file does not have.

use crate::Error;
use ampoule_sdk::ToolError;

/// The flag with which the compiler refuses it, unless it is empty, as a barrier for the optimiser is.
pub(crate) const REFUSED: &str = "-fno-gnu-inline-asm";

/// The directives that read a file, and those that can put the name of one together.
const DIRECTIVES: [&str; 5] = [".incbin", ".include", ".macro", ".irp", ".rept"];

/// Whether that is what the compiler said.
pub(crate) fn is_refused(error: &ToolError) -> bool {
    matches!(error, ToolError::Failed { output, .. } if output.contains("inline assembly is disabled"))
}

/// Checks the assembly in LLVM's intermediate representation, where it is in one piece, after macros and literals side by side.
///
/// # Errors
/// When it has a directive that may read a file.
pub(crate) fn check(source: &str, representation: &[u8]) -> Result<(), Error> {
    let text = String::from_utf8_lossy(representation).to_lowercase();
    // Not the constants, which are data.
    let is_assembly = |line: &&str| line.contains("asm ") && !line.starts_with('@');
    let mut lines = text.lines().filter(is_assembly);
    let found = lines.find_map(|line| DIRECTIVES.into_iter().find(|directive| line.contains(directive)));
    found.map_or(Ok(()), |directive| {
        Err(Error::Assembly {
            file: source.to_owned(),
            directive,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_count_where_they_are_assembly() {
        let check = |text: &str| check("a.c", text.as_bytes());
        for text in [
            "module asm \".INCBIN \\22/etc/passwd\\22\"",
            "  call void asm sideeffect \".include \\22a\\22\", \"\"()",
        ] {
            let error = check(text).unwrap_err().to_string();
            assert!(error.contains("a.c") && error.contains(".inc"), "{error}");
        }
        check("@text = constant [9 x i8] c\"asm .incbin\"\n  call void asm sideeffect \"nop\", \"\"()").unwrap();
    }
}

//! What can go wrong in a link.

use std::fmt;

/// An error of a link.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A module is not WebAssembly, or not WebAssembly of the kind that can be linked.
    #[error("{module} is not a well-formed core module: {error}")]
    Malformed {
        /// The module's name.
        module: String,
        /// What the parser says.
        error: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A module uses something that a link cannot merge.
    #[error("{module}: {reason}")]
    Unsupported {
        /// The module's name.
        module: String,
        /// What it uses, and what to do.
        reason: String,
    },
    /// Symbols that cannot be resolved.
    #[error(transparent)]
    Symbols(#[from] Problems),
    /// The memory or the table grows beyond what a 32-bit module can have.
    #[error("the linked program needs {needed} {what}, and at most {limit} can be had: leave out some of its modules")]
    TooLarge {
        /// What is used up.
        what: &'static str,
        /// How much the modules need.
        needed: u64,
        /// How much there can be.
        limit: u64,
    },
    /// The linked module is not valid, which is a defect of the linker.
    #[error("the linked module is not valid: {0}; this is a defect of Ampoule")]
    Invalid(wasmparser::Error),
}

/// All that is wrong with the symbols of a link, found in one go.
#[derive(Debug, Default, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

/// One thing that is wrong with a symbol.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// No module defines the symbol.
    Missing {
        /// `function`, `data`, `global` or `tag`.
        kind: &'static str,
        /// The symbol.
        symbol: String,
        /// The modules that import it.
        wanted_by: Vec<String>,
    },
    /// Several modules define the symbol, and nothing says which is meant.
    Duplicate {
        /// `function`, `data`, `global` or `tag`.
        kind: &'static str,
        /// The symbol.
        symbol: String,
        /// The modules that define it.
        defined_by: Vec<String>,
        /// The modules that import it.
        wanted_by: Vec<String>,
    },
    /// The symbol is defined with another type than it is used with.
    Mismatch {
        /// `function`, `global` or `tag`.
        kind: &'static str,
        /// The symbol.
        symbol: String,
        /// The module that defines it.
        defined_by: String,
        /// Its type there.
        defined: String,
        /// The module that imports it.
        wanted_by: String,
        /// Its type there.
        wanted: String,
    },
    /// A library that a module needs is not among the modules.
    Library {
        /// The library's name.
        library: String,
        /// The module that needs it.
        wanted_by: String,
    },
    /// An extension module exports no function by which Python could initialise it.
    NoInitializer {
        /// The module.
        module: String,
        /// Where it is in the image.
        path: String,
    },
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the modules cannot be linked:")?;
        for problem in &self.0 {
            write!(formatter, "\n  {problem}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Missing {
                kind,
                symbol,
                wanted_by,
            } => write!(
                formatter,
                "{kind} `{symbol}` is wanted by {}, and no module defines it: add the source or library that does",
                wanted_by.join(", ")
            ),
            Problem::Duplicate {
                kind,
                symbol,
                defined_by,
                wanted_by,
            } => write!(
                formatter,
                "{kind} `{symbol}` is wanted by {}, and defined by each of {}: keep one, or hide the others (-fvisibility=hidden)",
                wanted_by.join(", "),
                defined_by.join(", ")
            ),
            Problem::Mismatch {
                kind,
                symbol,
                defined_by,
                defined,
                wanted_by,
                wanted,
            } => write!(
                formatter,
                "{kind} `{symbol}` is {defined} in {defined_by}, and {wanted_by} uses it as {wanted}: \
                 compile both against the same headers"
            ),
            Problem::Library { library, wanted_by } => write!(
                formatter,
                "library `{library}` is needed by {wanted_by}, and is not among the modules: \
                 give it too, or link it statically into {wanted_by}"
            ),
            Problem::NoInitializer { module, path } => write!(
                formatter,
                "{module} is to be the extension module {path}, and exports no function `PyInit_...`: \
                 check that PyMODINIT_FUNC stands before it"
            ),
        }
    }
}

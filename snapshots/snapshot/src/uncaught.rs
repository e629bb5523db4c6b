//! A C++ exception that nothing caught: it has left an extension module and passed Python by.

use ampoule_host::{HostError, Python};
use wasmtime::{Func, Val};

/// The function of an extension module with exceptions that says what an exception is, and ends the program.
pub(crate) const UNCAUGHT: &str = "ampoule_uncaught";

/// Has the function print what the exception is, and gives the error of that; any other error is left as it is.
pub(crate) fn explain(interpreter: &mut Python, uncaught: Option<Func>, error: HostError) -> HostError {
    let store = &mut interpreter.store;
    let (Some(exception), HostError::Trap { function, .. }) = (store.take_pending_exception(), &error) else {
        return error;
    };
    let Ok(thrown @ Val::I32(_)) = exception.field(&mut *store, 0) else {
        return error;
    };
    // It does not return.
    let printed = uncaught.map(|uncaught| uncaught.call(&mut *store, &[thrown], &mut []));
    let cause = match printed {
        Some(_) => "an exception in C++ left an extension module, as is said above",
        None => "an exception left an extension module",
    };
    HostError::Trap {
        function: function.clone(),
        cause: cause.to_owned(),
        backtrace: String::new(),
    }
}

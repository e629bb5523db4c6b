//! A call in WAVE syntax: parsing, making it, printing what it gives.

use super::error::Error;
use super::exports::Target;
use super::host::Host;
use super::kinds::find_in;
use std::process::ExitCode;
use wasmtime::Store;
use wasmtime::component::types::Type;
use wasmtime::component::wasm_wave::parser::ParserError;
use wasmtime::component::wasm_wave::untyped::UntypedFuncCall;
use wasmtime::component::wasm_wave::wasm::DisplayFuncResults;
use wasmtime::component::{Instance, Val};
use wasmtime_wasi::I32Exit;

/// `function(arguments)`, with or without the interface.
pub struct Call {
    text: String,
    interface: Option<String>,
    function: String,
    values: UntypedFuncCall<'static>,
}

impl Call {
    /// Reads a call. The function of an interface is `interface#function` or, as the `wasmtime` command has it, `interface.function`
    /// with the version at the end.
    pub fn parse(text: &str) -> Result<Call, Error> {
        let not_call = || Error::NotCall { text: text.to_string() };
        let opening = text.find('(').ok_or_else(not_call)?;
        let (interface, function) = split_name(text[..opening].trim());
        if function.is_empty() || interface.as_deref() == Some("") {
            return Err(not_call());
        }
        // WAVE reads the values only; a name of the same length keeps the positions in its messages right.
        let plain = "f".repeat(opening.max(1)) + &text[opening..];
        let values = match UntypedFuncCall::parse(&plain) {
            Ok(values) => values.into_owned(),
            Err(error) => return Err(unreadable(text, &error, None)),
        };
        Ok(Call {
            text: text.to_string(),
            interface,
            function,
            values,
        })
    }

    /// The name that was given.
    pub fn name(&self) -> String {
        match &self.interface {
            Some(interface) => format!("{interface}#{}", self.function),
            None => self.function.clone(),
        }
    }

    /// Whether the call can mean this function: the interface may be left out, or given without package or version.
    pub fn means(&self, interface: Option<&str>, function: &str) -> bool {
        if function != self.function {
            return false;
        }
        match (&self.interface, interface) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(given), Some(interface)) => {
                let unversioned = interface.split('@').next().unwrap_or(interface);
                let last = unversioned.rsplit('/').next().unwrap_or(unversioned);
                [interface, unversioned, last].contains(&given.as_str())
            }
        }
    }

    /// Makes the call and prints the result in WAVE syntax.
    pub async fn invoke(
        &self,
        store: &mut Store<Host>,
        instance: &Instance,
        target: &Target,
    ) -> Result<ExitCode, Error> {
        match self.make(store, instance, target).await? {
            Ok(results) => print(&results),
            Err(error) => failure(&target.export.name(), &error),
        }
    }

    /// Makes the call and compares the result with the one that is expected.
    pub async fn compare(
        &self,
        store: &mut Store<Host>,
        instance: &Instance,
        target: &Target,
        expected: &str,
    ) -> Result<(), Error> {
        let wanted = results_from(expected, target)?;
        let given = match self.make(store, instance, target).await? {
            Ok(results) if results == wanted => return Ok(()),
            Ok(results) => DisplayFuncResults(&results).to_string(),
            Err(error) => failure(&target.export.name(), &error).map(|_| "the end of the program".to_string())?,
        };
        Err(Error::OtherResult {
            call: self.text.clone(),
            expected: expected.to_string(),
            given,
        })
    }

    /// Makes the call: what it gives, or the error with which the component failed.
    async fn make(
        &self,
        store: &mut Store<Host>,
        instance: &Instance,
        target: &Target,
    ) -> Result<wasmtime::Result<Vec<Val>>, Error> {
        let arguments = self.arguments(target)?;
        let function = instance
            .get_func(&mut *store, target.index)
            .ok_or_else(|| Error::NoSuchExport {
                name: self.name(),
                exports: Vec::new(),
            })?;
        let mut results = vec![Val::Bool(false); target.export.signature.results().len()];
        let ended = function.call_async(&mut *store, &arguments, &mut results).await;
        Ok(ended.map(|()| results))
    }

    fn arguments(&self, target: &Target) -> Result<Vec<Val>, Error> {
        let signature = &target.export.signature;
        let parameters: Vec<Type> = signature.params().map(|(_, kind)| kind).collect();
        let results: Vec<Type> = signature.results().collect();
        if let Some(kind) = parameters.iter().chain(&results).find_map(unwritable) {
            return Err(Error::Unwritable {
                name: target.export.name(),
                kind,
            });
        }
        self.values
            .to_wasm_params(&parameters)
            .map_err(|error| unreadable(&self.text, &error, Some(target.export.declaration())))
    }
}

/// Reads the results that are expected of a function, as [`DisplayFuncResults`] writes them.
fn results_from(text: &str, target: &Target) -> Result<Vec<Val>, Error> {
    let kinds: Vec<Type> = target.export.signature.results().collect();
    let inner = if kinds.is_empty() && text == "()" { "" } else { text };
    let call = format!("f({inner})");
    let values = UntypedFuncCall::parse(&call).and_then(|values| values.to_wasm_params(&kinds));
    values.map_err(|error| Error::Expected {
        text: text.to_string(),
        signature: target.export.declaration(),
        reason: reason_of(&error),
    })
}

/// The interface, if there is one, and the function.
fn split_name(name: &str) -> (Option<String>, String) {
    if let Some((interface, function)) = name.split_once('#') {
        return (Some(interface.to_string()), function.to_string());
    }
    let (path, version) = match name.split_once('@') {
        Some((path, version)) => (path, Some(version)),
        None => (name, None),
    };
    match (path.rsplit_once('.'), version) {
        (Some((interface, function)), Some(version)) => (Some(format!("{interface}@{version}")), function.to_string()),
        (Some((interface, function)), None) => (Some(interface.to_string()), function.to_string()),
        (None, _) => (None, name.to_string()),
    }
}

fn unreadable(text: &str, error: &ParserError, signature: Option<String>) -> Error {
    let place = match text.get(error.span()) {
        Some(part) if !part.is_empty() => format!(", at `{part}`"),
        _ => String::new(),
    };
    Error::Arguments {
        text: text.to_string(),
        reason: reason_of(error),
        place,
        signature,
    }
}

fn reason_of(error: &ParserError) -> String {
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}

/// The kind of a type, or of a type within it, that has no WAVE syntax.
fn unwritable(kind: &Type) -> Option<&'static str> {
    find_in(kind, &|kind| match kind {
        Type::Own(_) | Type::Borrow(_) => Some("resources"),
        Type::Stream(_) => Some("streams"),
        Type::Future(_) => Some("futures"),
        Type::ErrorContext => Some("error-context"),
        Type::Map(_) => Some("maps"),
        _ => None,
    })
}

fn print(results: &[Val]) -> Result<ExitCode, Error> {
    ampoule_action::print_result(DisplayFuncResults(results))?;
    Ok(ExitCode::SUCCESS)
}

/// The exit code if the component ended itself; else what went wrong, without the stack of the host.
pub fn failure(function: &str, error: &wasmtime::Error) -> Result<ExitCode, Error> {
    if let Some(exit) = error.downcast_ref::<I32Exit>() {
        return Ok(ExitCode::from(u8::try_from(exit.0).unwrap_or(1)));
    }
    Err(match error.downcast_ref::<wasmtime::Trap>() {
        Some(trap) => Error::Trapped {
            function: function.to_string(),
            reason: trap.to_string().trim_start_matches("wasm trap: ").to_string(),
        },
        None => Error::Failed {
            function: function.to_string(),
            reason: error.root_cause().to_string(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> (Option<String>, String) {
        let call = Call::parse(text).unwrap_or_else(|error| panic!("{error}"));
        (call.interface, call.function)
    }

    #[test]
    fn names() {
        let of = |interface: &str, function: &str| (Some(interface.to_string()), function.to_string());
        assert_eq!(name("f()"), (None, "f".to_string()));
        assert_eq!(name("api#f(1)"), of("api", "f"));
        assert_eq!(name("api.f(1.5)"), of("api", "f"));
        assert_eq!(name("ns:pkg/api@1.0.0-rc.1#f(\"#\")"), of("ns:pkg/api@1.0.0-rc.1", "f"));
        assert_eq!(name("ns:pkg/api.f@1.0.0()"), of("ns:pkg/api@1.0.0", "f"));
    }

    #[test]
    fn meanings() {
        let means =
            |text: &str, interface: Option<&str>| Call::parse(text).is_ok_and(|call| call.means(interface, "f"));
        let interface = Some("ns:pkg/api@1.0.0");
        for text in [
            "f()",
            "api#f()",
            "ns:pkg/api#f()",
            "ns:pkg/api@1.0.0#f()",
            "ns:pkg/api.f@1.0.0()",
        ] {
            assert!(means(text, interface), "{text}");
        }
        for text in ["g()", "pkg#f()", "ns:pkg/api@1.0.1#f()", "other.f()"] {
            assert!(!means(text, interface), "{text}");
        }
        assert!(means("f()", None));
        assert!(!means("api#f()", None));
    }

    #[test]
    fn no_calls() {
        for text in ["", "f", "()", "#f()", "api#()"] {
            assert!(matches!(Call::parse(text), Err(Error::NotCall { .. })), "{text}");
        }
        for text in ["f(", "f(1", "f(1))", "f(])"] {
            assert!(matches!(Call::parse(text), Err(Error::Arguments { .. })), "{text}");
        }
    }
}

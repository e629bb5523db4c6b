//! The web application that a component serves, and the HTTP of its clients.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a component has to do with HTTP.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, clap::Args)]
#[serde(default, rename_all = "kebab-case")]
pub struct WebSettings {
    /// WSGI application (PEP 3333) that the component serves by `wasi:http`: its module and its name there, such as `shop:app` or
    /// `shop:create_app()`
    #[arg(long, value_name = "MODULE:NAME", conflicts_with = "asgi")]
    #[schemars(with = "Option<String>")]
    pub wsgi: Option<Application>,
    /// ASGI application that the component serves by `wasi:http`, such as `shop:app` or `shop:create_app()`
    #[arg(long, value_name = "MODULE:NAME")]
    #[schemars(with = "Option<String>")]
    pub asgi: Option<Application>,
    /// Version of WASI by which it is served; an ASGI application can be one of 0.3
    #[arg(long, value_name = "VERSION", value_enum, default_value_t)]
    pub wasi_http: WasiHttp,
    /// Paths such as `/`, for which the application answers a GET request when the component is built, so that an instance begins with
    /// what its first request would make
    #[arg(long, value_name = "PATH")]
    pub warm_up: Vec<Target>,
    /// Let HTTP clients of Python use `wasi:http` where the host grants no sockets; an application of WSGI or ASGI always can
    #[arg(long)]
    pub http_client: bool,
}

/// The path of a request, with its query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Target(String);

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Target, String> {
        let is_path = text.starts_with('/') && text.chars().all(|letter| letter.is_ascii_graphic());
        match is_path {
            true => Ok(Target(text.to_string())),
            false => Err(format!(
                "`{text}` is no path of a request; write it as in a URL, such as `/prices?of=tea`"
            )),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for Target {
    type Error = String;

    fn try_from(text: String) -> Result<Target, String> {
        text.parse()
    }
}

impl From<Target> for String {
    fn from(target: Target) -> String {
        target.0
    }
}

/// A version of `wasi:http`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
pub enum WasiHttp {
    /// `wasi:http/incoming-handler@0.2`: hosts have it everywhere.
    #[default]
    #[serde(rename = "0.2")]
    #[value(name = "0.2")]
    V0_2,
    /// `wasi:http/handler@0.3`: an instance answers many requests at once.
    #[serde(rename = "0.3")]
    #[value(name = "0.3")]
    V0_3,
}

/// Where an application is: `MODULE:NAME`, where the name may have dots, and `()` behind it if it is a function that makes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Application {
    /// The dotted name of its module.
    pub module: String,
    /// The expression that gives it, behind the module's name and a dot.
    pub name: String,
}

impl FromStr for Application {
    type Err = String;

    fn from_str(text: &str) -> Result<Application, String> {
        let (module, name) = text.split_once(':').unwrap_or((text, ""));
        if is_dotted(module) && is_dotted(name.strip_suffix("()").unwrap_or(name)) {
            Ok(Application {
                module: module.to_string(),
                name: name.to_string(),
            })
        } else {
            Err(format!(
                "`{text}` names no application; write it as MODULE:NAME, such as `shop:app` or `shop:create_app()`"
            ))
        }
    }
}

/// Whether a text is names of Python with dots between them; which of them are keywords Python says itself.
fn is_dotted(text: &str) -> bool {
    let is_name = |name: &str| {
        let mut characters = name.chars();
        characters
            .next()
            .is_some_and(|first| first == '_' || first.is_alphabetic())
            && characters.all(|other| other == '_' || other.is_alphanumeric())
    };
    text.split('.').all(is_name)
}

impl fmt::Display for Application {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.module, self.name)
    }
}

impl TryFrom<String> for Application {
    type Error = String;

    fn try_from(text: String) -> Result<Application, String> {
        text.parse()
    }
}

impl From<Application> for String {
    fn from(application: Application) -> String {
        application.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_application_is_a_name_in_a_module() {
        let parsed: Application = "site.wsgi:make.app()".parse().unwrap();
        assert_eq!(
            (parsed.module.as_str(), parsed.name.as_str()),
            ("site.wsgi", "make.app()")
        );
        for wrong in [
            "shop",
            "shop:",
            ":app",
            "shop.py:1",
            "shop:app(1)",
            "a b:c",
            "shop:app:x",
        ] {
            let error = wrong.parse::<Application>().unwrap_err();
            assert!(error.contains("write it as MODULE:NAME"), "{error}");
        }
    }
}

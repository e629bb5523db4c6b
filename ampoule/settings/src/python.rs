//! What Python is started with: options of its command line and variables of its environment
//! (<https://docs.python.org/3/using/cmdline.html>). Both hold for good: Python reads them at its start, which is part of the build.

use crate::forms::{as_table, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::str::FromStr;

/// What Python is started with, as a process would be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, clap::Args)]
#[serde(default, rename_all = "kebab-case")]
pub struct PythonSettings {
    /// Options of Python's command line, such as `-OO`, `-Xdev` or `-Werror`
    #[arg(long = "python-option", value_name = "OPTION", allow_hyphen_values = true)]
    #[schemars(with = "Vec<String>")]
    pub python_options: Vec<PythonOption>,
    /// Variables that Python reads at its start, such as `PYTHONDEVMODE=1`
    #[arg(long = "python-variable", value_name = "NAME=VALUE")]
    #[serde(deserialize_with = "table", serialize_with = "as_table")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub python_variables: Vec<PythonVariable>,
}

impl PythonSettings {
    /// The arguments of the process, its own name first.
    pub fn arguments(&self) -> Vec<String> {
        let options = self.python_options.iter().map(|option| option.0.clone());
        std::iter::once("python".to_owned()).chain(options).collect()
    }

    /// The environment of the process; of several values of a variable, the last.
    pub fn environment(&self) -> BTreeMap<String, String> {
        let variables = self.python_variables.iter();
        variables
            .map(|PythonVariable(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}

/// An option of Python's command line with its argument, such as `-OO` or `-Xdev`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PythonOption(String);

/// The options that are letters alone, which may be repeated and stand together.
const SWITCHES: &str = "bBOuv";

/// Options of `-X` that cannot be had.
const NO_X_OPTIONS: [(&str, &str); 2] = [
    ("pycache_prefix", "bytecode is in the component, beside its source"),
    ("utf8=0", "a component's Python is in UTF-8 mode always"),
];

impl FromStr for PythonOption {
    type Err = String;

    fn from_str(text: &str) -> Result<PythonOption, String> {
        let letters = text.strip_prefix('-').unwrap_or_default();
        if !letters.is_empty() && letters.chars().all(|letter| SWITCHES.contains(letter)) {
            return Ok(PythonOption(text.to_owned()));
        }
        let option = ["-X", "-W"].into_iter().find(|option| text.starts_with(option)).ok_or_else(|| {
            format!(
                "`{text}` is not an option that a component's Python can be started with; these are: -b, -bb, -B, -O, -OO, -u, -v, \
                 -W ACTION, -X NAME[=VALUE]"
            )
        })?;
        let argument = text[option.len()..].trim_start();
        if argument.is_empty() || argument.contains('\0') {
            return Err(format!(
                "`{text}` has no argument; write it in the same string, such as `{option}{}`",
                example(option)
            ));
        }
        let is_it = |(name, _): &&(&str, &str)| argument == *name || argument.starts_with(&format!("{name}="));
        match NO_X_OPTIONS.iter().find(is_it) {
            Some((_, reason)) if option == "-X" => Err(format!("`{text}` cannot be had: {reason}")),
            _ => Ok(PythonOption(format!("{option}{argument}"))),
        }
    }
}

fn example(option: &str) -> &str {
    if option == "-X" { "dev" } else { "error" }
}

impl TryFrom<String> for PythonOption {
    type Error = String;

    fn try_from(text: String) -> Result<PythonOption, String> {
        text.parse()
    }
}

impl From<PythonOption> for String {
    fn from(option: PythonOption) -> String {
        option.0
    }
}

/// A variable of the environment that Python reads at its start: its name and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub struct PythonVariable(String, String);

/// The variables that make a difference in a component.
const VARIABLES: [&str; 13] = [
    "PYTHONDEVMODE",
    "PYTHONFAULTHANDLER",
    "PYTHONINTMAXSTRDIGITS",
    "PYTHONMALLOC",
    "PYTHONNODEBUGRANGES",
    "PYTHONOPTIMIZE",
    "PYTHONPROFILEIMPORTTIME",
    "PYTHONTRACEMALLOC",
    "PYTHONUNBUFFERED",
    "PYTHONVERBOSE",
    "PYTHONWARNDEFAULTENCODING",
    "PYTHONWARNINGS",
    "PYTHON_CPU_COUNT",
];

/// What has another place to be set at.
const ELSEWHERE: [(&str, &str); 2] = [("PYTHONHASHSEED", "hash-seed"), ("PYTHONPATH", "paths")];

impl PythonVariable {
    /// A variable of this name.
    ///
    /// # Errors
    /// When Python does not read it at its start, or only where there is no component.
    pub fn new(name: &str, value: &str) -> Result<PythonVariable, String> {
        if let Some((_, key)) = ELSEWHERE.iter().find(|(variable, _)| *variable == name) {
            return Err(format!("`{name}` is set by the key `{key}`"));
        }
        if !VARIABLES.contains(&name) {
            return Err(format!(
                "`{name}` is not a variable that a component's Python reads at its start; these are: {}. Others are read from the \
                 host's environment when an instance runs",
                VARIABLES.join(", ")
            ));
        }
        if value.contains('\0') {
            return Err(format!("the value of `{name}` has a zero byte in it"));
        }
        Ok(PythonVariable(name.to_owned(), value.to_owned()))
    }
}

impl FromStr for PythonVariable {
    type Err = String;

    fn from_str(text: &str) -> Result<PythonVariable, String> {
        let (name, value) = text
            .split_once('=')
            .ok_or("expected NAME=VALUE, such as `PYTHONDEVMODE=1`")?;
        PythonVariable::new(name, value)
    }
}

impl TryFrom<(String, String)> for PythonVariable {
    type Error = String;

    fn try_from((name, value): (String, String)) -> Result<PythonVariable, String> {
        PythonVariable::new(&name, &value)
    }
}

impl<'a> From<&'a PythonVariable> for (&'a str, &'a str) {
    fn from(PythonVariable(name, value): &'a PythonVariable) -> (&'a str, &'a str) {
        (name, value)
    }
}

impl From<PythonVariable> for String {
    fn from(PythonVariable(name, value): PythonVariable) -> String {
        format!("{name}={value}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(text: &str) -> Result<String, String> {
        text.parse::<PythonOption>().map(String::from)
    }

    #[test]
    fn options_have_one_form() {
        assert_eq!(option("-OO").unwrap(), "-OO");
        assert_eq!(option("-bOu").unwrap(), "-bOu");
        assert_eq!(option("-X dev").unwrap(), "-Xdev");
        assert_eq!(
            option("-Wdefault::DeprecationWarning").unwrap(),
            "-Wdefault::DeprecationWarning"
        );
        assert_eq!(option("-X int_max_str_digits=0").unwrap(), "-Xint_max_str_digits=0");
    }

    #[test]
    fn what_python_cannot_be_started_with_is_refused() {
        for text in ["", "-", "O", "-c", "-Oc", "--help", "-m x", "app.py", "-i"] {
            assert!(option(text).unwrap_err().contains("these are: -b"), "{text}");
        }
        assert!(option("-X").unwrap_err().contains("such as `-Xdev`"));
        assert!(
            option("-X pycache_prefix=/tmp")
                .unwrap_err()
                .contains("beside its source")
        );
        assert!(option("-Xutf8=0").unwrap_err().contains("UTF-8 mode"));
        assert!(option("-Xutf8").is_ok());
    }

    #[test]
    fn variables_that_python_does_not_read_at_its_start_are_refused() {
        let refusal = |text: &str| text.parse::<PythonVariable>().unwrap_err();
        assert!(refusal("PYTHONHASHSEED=1").contains("`hash-seed`"));
        assert!(refusal("PYTHONPATH=x").contains("`paths`"));
        assert!(refusal("PYTHONASYNCIODEBUG=1").contains("when an instance runs"));
        assert!(refusal("PYTHONDEVMODE").contains("NAME=VALUE"));
        let variable: PythonVariable = "PYTHONWARNINGS=error,default::X=1".parse().unwrap();
        assert_eq!(String::from(variable), "PYTHONWARNINGS=error,default::X=1");
    }
}

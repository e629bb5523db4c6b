//! What is said of a flag that stands at the wrong side of the command.

use crate::flags::WorldFlags;
use crate::stages;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Args, Command, Error};

/// The error with a tip, if it is about a flag after the command that goes before it, or about a stage after a flag.
pub fn with_tip(mut error: Error, command: &Command, line: impl Iterator<Item = String>) -> Error {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => Some(word.as_str()),
        _ => None,
    };
    let tip = match error.kind() {
        ErrorKind::UnknownArgument => said(ContextKind::InvalidArg).and_then(|flag| tip(flag, command, line)),
        ErrorKind::InvalidSubcommand => said(ContextKind::InvalidSubcommand).and_then(tip_of_stage),
        _ => None,
    };
    if let Some(tip) = tip {
        error.remove(ContextKind::SuggestedArg);
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(
            ContextKind::Suggested,
            ContextValue::StyledStrs(vec![StyledStr::from(tip)]),
        );
    }
    error
}

fn tip_of_stage(name: &str) -> Option<String> {
    let is_stage = stages::descriptions().iter().any(|stage| stage.name == name);
    is_stage.then(|| {
        format!("{name} is a stage, with flags of its own, which has no flag before it: `ampoule {name} --help`")
    })
}

fn tip(flag: &str, command: &Command, mut line: impl Iterator<Item = String>) -> Option<String> {
    let of_worlds = WorldFlags::augment_args(Command::new(""));
    let flag = flag.split('=').next().unwrap_or(flag);
    let argument = of_worlds.get_arguments().find(|argument| is_called(argument, flag))?;
    let value = argument
        .get_action()
        .takes_values()
        .then(|| argument.get_value_names()?.first());
    let value = value.flatten().map(|name| format!(" {name}")).unwrap_or_default();
    let name = line.find(|word| command.find_subcommand(word).is_some())?;
    Some(match name.as_str() {
        "componentize" | "bindings" => {
            format!("{flag} stands before the command, as with componentize-py: `ampoule {flag}{value} {name} ...`")
        }
        _ => format!(
            "{flag} goes with `componentize` and `bindings`; `ampoule build` reads [tool.ampoule] of pyproject.toml"
        ),
    })
}

fn is_called(argument: &Arg, flag: &str) -> bool {
    let (short, long) = (argument.get_short(), argument.get_long());
    let aliases = argument.get_all_aliases().unwrap_or_default();
    match flag.strip_prefix("--") {
        Some(name) => long == Some(name) || aliases.contains(&name),
        None => short.is_some_and(|short| flag == format!("-{short}")),
    }
}

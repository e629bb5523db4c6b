//! What of the stdlib goes into a component beside what import statements lead to.

use crate::hidden::is_within;
use crate::{Error, Imports};
use ampoule_image::TASKS_MODULE;

/// The build's own package, which no component has.
const OWN: &str = "_ampoule";

/// The choice of the user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// Nothing more.
    #[default]
    Auto,
    /// Everything.
    Full,
    /// These modules, with all that is below them.
    With(Vec<String>),
}

impl Selection {
    /// Reads a list of `auto`, `full` and names of modules.
    pub fn new(words: &[String]) -> Selection {
        let names: Vec<String> = words.iter().filter(|word| *word != "auto").cloned().collect();
        match names.iter().any(|name| name == "full") {
            true => Selection::Full,
            false if names.is_empty() => Selection::Auto,
            false => Selection::With(names),
        }
    }

    /// The modules of the stdlib, and of its extension modules, that are selected.
    ///
    /// # Errors
    /// When a name is that of no module.
    pub fn modules<'a>(
        &self,
        stdlib: &'a Imports,
        extensions: impl Iterator<Item = &'a String>,
    ) -> Result<Vec<&'a String>, Error> {
        let all = stdlib.keys().chain(extensions);
        let all = all.filter(|name| !is_own(name) && *name != TASKS_MODULE);
        match self {
            Selection::Auto => Ok(Vec::new()),
            Selection::Full => Ok(all.collect()),
            Selection::With(names) => {
                let all: Vec<&String> = all.collect();
                let unknown = |name: &&String| !all.iter().any(|module| is_within(module, name));
                if let Some(name) = names.iter().find(unknown) {
                    return Err(Error::NoStdlibModule(name.clone()));
                }
                let selected = |module: &&String| names.iter().any(|name| is_within(module, name));
                Ok(all.into_iter().filter(selected).collect())
            }
        }
    }
}

/// Whether a module is the build's own.
pub(crate) fn is_own(module: &str) -> bool {
    is_within(module, OWN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ModuleImports;

    fn selected(words: &[&str]) -> Result<Vec<String>, Error> {
        let names = ["_ampoule.late", "email", "email.mime", "emails", "json"];
        let stdlib = names
            .map(|name| (name.to_string(), ModuleImports::default()))
            .into_iter()
            .collect();
        let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
        let extensions = ["_json".to_string()];
        let modules = Selection::new(&words).modules(&stdlib, extensions.iter())?;
        Ok(modules.into_iter().cloned().collect())
    }

    #[test]
    fn names_stand_for_all_below_them() {
        assert_eq!(selected(&["email"]).unwrap(), ["email", "email.mime"]);
        assert_eq!(selected(&["auto"]).unwrap(), Vec::<String>::new());
        assert_eq!(
            selected(&["json", "full"]).unwrap(),
            ["email", "email.mime", "emails", "json", "_json"]
        );
    }

    #[test]
    fn a_module_that_is_not_there_is_named() {
        let message = selected(&["jsom"]).unwrap_err().to_string();
        assert!(message.contains("`jsom`"), "{message}");
    }
}

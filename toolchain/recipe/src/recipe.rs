//! A recipe as a whole.

use crate::description::{Define, Description};
use crate::{Error, Headers, Need, OtherSource, Patch, PythonFiles, Step, inside};
use ampoule_action::{Digest, said_of_toml};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// How a package is built from its source distribution.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Recipe {
    /// The package's normalised name.
    pub package: String,
    /// The versions that it is for (PEP 440).
    pub versions: String,
    /// The source distributions that it was tried with, by version.
    #[serde(default)]
    pub sdists: BTreeMap<String, SourceDistribution>,
    /// How long it takes to build, in CPU seconds, for people who wait.
    #[serde(default)]
    pub seconds: u64,
    /// Other sources.
    #[serde(default)]
    pub sources: Vec<OtherSource>,
    /// Packages whose headers are needed.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Files that other packages are compiled with.
    #[serde(default)]
    pub headers: Vec<Headers>,
    /// Changes of the sources.
    #[serde(default)]
    pub patches: Vec<Patch>,
    /// Files that are written, by their paths.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Steps that generate sources, in their order.
    #[serde(default)]
    pub generate: Vec<Step>,
    /// How all its modules and libraries are compiled.
    #[serde(default)]
    pub compile: Compile,
    /// Sources that several modules share, each compiled once to an archive.
    #[serde(default)]
    pub libraries: Vec<Description>,
    /// The extension modules.
    #[serde(default)]
    pub modules: Vec<Description>,
    /// The files of Python.
    #[serde(default)]
    pub python: Vec<PythonFiles>,
    /// What functions of the package's modules import, and components do not get for their sake: terminals, tests, other systems.
    #[serde(default)]
    pub not_followed: BTreeMap<String, Vec<String>>,
}

/// A source distribution.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceDistribution {
    /// The file's name.
    pub file: String,
    /// The file's digest.
    pub digest: Digest,
    /// The file's size in bytes.
    pub size: u64,
    /// The crates that its lock names, for what fetches them before the source distribution is there to read.
    #[serde(default)]
    pub crates: Vec<LockedCrate>,
}

/// A crate of cargo's registry: `NAME VERSION DIGEST`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct LockedCrate {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The digest of its file.
    pub digest: Digest,
}

impl std::fmt::Display for LockedCrate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {} {}", self.name, self.version, self.digest)
    }
}

impl TryFrom<String> for LockedCrate {
    type Error = String;

    fn try_from(text: String) -> Result<LockedCrate, String> {
        let wrong = || format!("`{text}` is no crate: expected NAME VERSION DIGEST");
        let parts: Vec<&str> = text.split(' ').collect();
        let [name, version, digest] = parts[..] else {
            return Err(wrong());
        };
        Ok(LockedCrate {
            name: name.to_string(),
            version: version.to_string(),
            digest: digest.parse().map_err(|_| wrong())?,
        })
    }
}

/// What the modules and libraries of a recipe have in common: as in a [`Description`], and before what stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Compile {
    /// The folders of headers.
    pub include: Vec<String>,
    /// The macros to define.
    pub defines: BTreeMap<String, Define>,
    /// The standard of the C sources.
    pub c_standard: Option<String>,
    /// The standard of the C++ sources.
    pub cxx_standard: Option<String>,
    /// More flags for the compiler.
    pub flags: Vec<String>,
}

impl Recipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// When the file cannot be read, has unknown keys, or names something that cannot be.
    pub fn read(file: &Path) -> Result<Recipe, Error> {
        let text = ampoule_action::read_text(file)?;
        Recipe::parse(&text).map_err(|reason| Error::Invalid {
            file: file.to_path_buf(),
            reason,
        })
    }

    /// Reads the text of a recipe.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Recipe, String> {
        let recipe: Recipe = toml::from_str(text).map_err(said_of_toml)?;
        recipe.check()?;
        let merged = |descriptions: Vec<Description>| descriptions.into_iter().map(|own| own.after(&recipe.compile));
        Ok(Recipe {
            libraries: merged(recipe.libraries.clone()).collect(),
            modules: merged(recipe.modules.clone()).collect(),
            ..recipe
        })
    }

    fn check(&self) -> Result<(), String> {
        if ampoule_native::normalised(&self.package) != self.package {
            return Err(format!(
                "package = {:?} is not a normalised name (lower case, hyphens)",
                self.package
            ));
        }
        let written = self.patches.iter().map(|patch| &patch.file).chain(self.files.keys());
        let folders = self.sources.iter().map(|source| &source.name);
        let folders = folders.chain(self.needs.iter().map(|need| &need.package));
        inside::check(written.chain(folders))?;
        self.headers.iter().try_for_each(Headers::check)?;
        self.generate.iter().try_for_each(Step::check)?;
        self.python.iter().try_for_each(PythonFiles::check)?;
        let libraries = self.libraries.iter().map(Description::check_library);
        let modules = self.modules.iter().map(Description::check);
        libraries.chain(modules).collect::<Result<(), String>>()?;
        self.check_libraries()
    }

    /// A library of a module that ends with `.a` may be one of the recipe's own; any other must be in the sources.
    fn check_libraries(&self) -> Result<(), String> {
        let mut names: Vec<&str> = self.libraries.iter().map(|library| library.name.as_str()).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(format!("the library {:?} is there twice", pair[0])),
            None => Ok(()),
        }
    }

    /// The version of a package whose sources do not say theirs: that which `versions` says, if it says one, or 0.
    pub fn own_version(&self) -> &str {
        let exact = self.versions.strip_prefix("==").map(str::trim);
        exact.filter(|version| !version.contains(['*', ','])).unwrap_or("0")
    }

    /// Whether a module, or a library that it links, is in C++.
    pub fn has_cxx(&self, module: &Description) -> bool {
        module.has_cxx() || self.libraries_of(module).any(Description::has_cxx)
    }

    /// The recipe's own libraries that a module links.
    pub fn libraries_of<'r>(&'r self, module: &'r Description) -> impl Iterator<Item = &'r Description> {
        let named = |library: &&Description| module.libraries.contains(&library.name);
        self.libraries.iter().filter(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECIPE: &str = "
        package = 'a-b'
        versions = '>=1'
        [compile]
        include = ['include']
        defines = { A = 1, B = 2 }
        [[libraries]]
        name = 'shared'
        sources = ['shared.c']
        [[modules]]
        name = 'a_b._module'
        sources = ['a.c']
        defines = { B = 3 }
        libraries = ['shared', 'm']
        [[python]]
        include = ['a_b/**']
    ";

    #[test]
    fn modules_have_what_the_recipe_says_of_all() {
        let recipe = Recipe::parse(RECIPE).unwrap();
        let [module] = &recipe.modules[..] else {
            panic!("one module")
        };
        assert_eq!(module.include, ["include"]);
        assert_eq!(
            (&module.defines["A"], &module.defines["B"]),
            (&Define::Number(1), &Define::Number(3))
        );
        let libraries: Vec<&str> = recipe
            .libraries_of(module)
            .map(|library| library.name.as_str())
            .collect();
        assert_eq!(libraries, ["shared"]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = |from: &str, to: &str| Recipe::parse(&RECIPE.replace(from, to)).unwrap_err();
        assert!(error("'a-b'", "'A_b'").contains("normalised"));
        assert!(error("versions", "version").contains("unknown key `version`"));
        assert!(error("['shared.c']", "['../shared.c']").contains("leaves the source folder"));
        assert!(error("[[python]]", "[[generate]]\nscript = 'a'\npython = 'b'\n[[python]]").contains("one of"));
    }
}

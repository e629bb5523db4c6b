//! What can be wrong with the WIT or with the names.

use std::path::PathBuf;

/// An error of the bindings generator: sentences for the user.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A path that was given is not there.
    #[error("there is no WIT file or folder at {}: name one that exists", path.display())]
    MissingWit {
        /// The path as it was given.
        path: PathBuf,
    },
    /// A folder without WIT in it.
    #[error("the folder {} has no .wit file in it: name the folder of a WIT package, or a file", path.display())]
    EmptyWit {
        /// The path as it was given.
        path: PathBuf,
    },
    /// No WIT was named.
    #[error("no WIT was named: name at least one file or folder of WIT")]
    NoWit,
    /// The WIT does not parse, or names what is not there.
    #[error("{0}")]
    Wit(String),
    /// The name of a world is not one.
    #[error(
        "`{name}` is not the name of a world: write `world`, `namespace:package/world` or `namespace:package/world@1.2.3`"
    )]
    WorldName {
        /// The name as it was given.
        name: String,
    },
    /// There is no such world.
    #[error("there is no world `{name}` in the WIT; {}", known_worlds(known))]
    UnknownWorld {
        /// The name as it was given.
        name: String,
        /// The worlds that are there.
        known: Vec<String>,
    },
    /// A name that fits several worlds.
    #[error("the WIT has more than one world `{name}`: choose one of{}", list(known))]
    AmbiguousWorld {
        /// The name as it was given.
        name: String,
        /// The worlds that it fits.
        known: Vec<String>,
    },
    /// No world was chosen, and there is not exactly one.
    #[error("{}", no_world(known))]
    NoWorld {
        /// The worlds that are there.
        known: Vec<String>,
    },
    /// Worlds that cannot be united.
    #[error("the worlds {} cannot be united, since they contradict each other: {reason}", worlds.join(" and "))]
    Union {
        /// The worlds.
        worlds: Vec<String>,
        /// What contradicts.
        reason: String,
    },
    /// The file of a Python package with WIT of its own is not as it must be.
    #[error("cannot read {}: {error}", file.display())]
    PackageFile {
        /// The file.
        file: PathBuf,
        /// The reason, with the line where there is one.
        error: String,
    },
    /// A path that leaves the package.
    #[error("{}: `{key} = \"{path}\"` must be a folder below that of this file, relative to it, such as `wit`", file.display())]
    PackagePath {
        /// The file.
        file: PathBuf,
        /// The key.
        key: &'static str,
        /// The path as it was given.
        path: String,
    },
    /// The folder for the bindings is no Python module.
    #[error("{}: the bindings cannot be imported from the folder `{part}`: its name must be a Python name and no keyword", file.display())]
    PackageBindings {
        /// The file.
        file: PathBuf,
        /// The part of the path.
        part: String,
    },
    /// The bindings would replace the package.
    #[error("{}: `bindings` is the package's own folder, whose modules they would replace: give them a folder of their own, such as `wit`", file.display())]
    PackageIsBindings {
        /// The file.
        file: PathBuf,
    },
    /// A world was chosen for a package that has no WIT.
    #[error("{}: it names no `wit_directory`, so that there is no world `{world}` in it: add the key, or leave the world out of -m", file.display())]
    PackageWithoutWit {
        /// The file.
        file: PathBuf,
        /// The world.
        world: String,
    },
    /// The WIT of a package does not fit other WIT.
    #[error("the WIT of {} contradicts other WIT of the component, which must have the same packages in the same versions: {reason}", wit.display())]
    Contradiction {
        /// The WIT.
        wit: PathBuf,
        /// What contradicts.
        reason: String,
    },
    /// A world was given to a module that is no package with WIT of its own.
    #[error(
        "the module `{module}` has no componentize-py.toml, so that no world can be chosen for it; {}",
        known_packages(known)
    )]
    UnknownPackage {
        /// The module.
        module: String,
        /// The packages that are there.
        known: Vec<String>,
    },
    /// Something of WIT that is not bound.
    #[error("{0}")]
    Unsupported(String),
    /// The world module cannot be imported by Python.
    #[error(
        "`{name}` cannot be the world module: each part between the dots must be a Python name and no keyword, such as `wit_world`"
    )]
    WorldModule {
        /// The name as it was given.
        name: String,
    },
    /// Two interfaces that would have the same name in Python.
    #[error(
        "the {direction}ed interfaces `{first}` and `{second}` are both called `{name}` in Python: \
         give one another name with --{direction}-interface-name '{second}=NAME'"
    )]
    SameName {
        /// `import` or `export`.
        direction: &'static str,
        /// The interface that has the name.
        first: String,
        /// The interface that would take it too.
        second: String,
        /// The Python name.
        name: String,
    },
    /// The name that was given to an interface is none in Python.
    #[error(
        "`{name}` cannot be the name of the interface `{interface}`: it must be a Python name, such as `{proposal}`"
    )]
    InterfaceName {
        /// The interface.
        interface: String,
        /// The name as it was given.
        name: String,
        /// The name that it would have otherwise.
        proposal: String,
    },
    /// wit-dylib or wit-component cannot encode the world.
    #[error("the world `{world}` cannot be encoded: {reason}")]
    Encoding {
        /// The world.
        world: String,
        /// What wit-dylib or wit-component says.
        reason: String,
    },
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("\n  {name}")).collect()
}

fn known_worlds(known: &[String]) -> String {
    if known.is_empty() {
        "it has none at all".to_string()
    } else {
        format!("it has{}", list(known))
    }
}

fn known_packages(known: &[String]) -> String {
    if known.is_empty() {
        "no package on the path has one".to_string()
    } else {
        format!("the packages that have one are{}", list(known))
    }
}

fn no_world(known: &[String]) -> String {
    if known.is_empty() {
        "the WIT has no world: name the WIT of a package with a world in it".to_string()
    } else {
        format!(
            "the WIT has more than one world, and none was chosen: choose one with --world (-w){}",
            list(known)
        )
    }
}

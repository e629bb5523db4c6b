//! What Nix and Bazel call a key, where that is not its name in their style.

/// A key's name in a build system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// This one.
    Is(String),
    /// None, as the build system has its own way, which this says.
    Needless(&'static str),
}

use Name::Needless;

/// The argument of `buildPyComponent`.
pub fn nix(key: &str) -> Name {
    match key {
        "budget" => Needless("`ampoule build` holds the component against it"),
        "output" => Needless("the component is the derivation's output"),
        "paths" => Name::Is("pythonPath".to_string()),
        "stubs" => Needless("`ampoule build` brings the bindings for editors up to date"),
        _ => Name::Is(camel_case(key)),
    }
}

/// The attribute of `py_wasm_component`.
pub fn bazel(key: &str) -> Name {
    match key {
        "budget" => Needless("`ampoule build` holds the component against it"),
        "features" => Name::Is("wit_features".to_string()),
        "follow-links" => Needless("each file is a target of its own, wherever it comes from"),
        "output" => Needless("the component is `NAME.wasm`"),
        "paths" => Name::Is("imports".to_string()),
        "recipes" => Needless("a package that is built from source is a target of its own, for `deps`"),
        "pylock" | "requirements" => Needless("rules_python installs dependencies, for `deps`"),
        "stubs" => Needless("`ampoule build` brings the bindings for editors up to date"),
        // A macro gives it the `world` that is a list.
        "world" => Name::Is("worlds".to_string()),
        _ => Name::Is(key.replace('-', "_")),
    }
}

fn camel_case(key: &str) -> String {
    let mut words = key.split('-');
    let first = words.next().unwrap_or_default().to_string();
    let capitalised = words.map(|word| word[..1].to_uppercase() + &word[1..]);
    first + &capitalised.collect::<String>()
}

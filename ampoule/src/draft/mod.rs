//! A draft of a recipe: what a source distribution seems to compile, and which headers are missing for that. Nothing of it is run: what
//! its build would decide (options, versions, other libraries) is for people to add.

mod headers;
mod modules;
mod text;
mod tree;

pub use text::Origin;
pub use tree::Tree;

use crate::error::Failure;
use std::path::PathBuf;

/// The text of a recipe for a source distribution; `system` has the folders of headers that are there anyway.
pub fn draft(origin: &Origin, tree: &Tree, system: &[PathBuf]) -> Result<String, Failure> {
    let modules = modules::find(tree);
    let includes = headers::resolve(tree, &modules, system);
    match modules.is_empty() && !tree.is_python_alone() {
        true => Err(Failure::NothingToCompile {
            package: origin.package.clone(),
            version: origin.version.clone(),
        }),
        false => Ok(text::write(origin, tree, &modules, &includes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ampoule_action::Digest;
    use ampoule_recipe::Recipe;

    fn tree(files: &[(&str, &str)]) -> (tempfile::TempDir, Tree) {
        let folder = tempfile::tempdir().unwrap();
        for (path, content) in files {
            ampoule_action::write(&folder.path().join(path), content.as_bytes()).unwrap();
        }
        let tree = Tree::read(folder.path(), "a-b").unwrap();
        (folder, tree)
    }

    fn origin() -> Origin {
        Origin {
            package: "a-b".to_string(),
            version: "1.2.3".to_string(),
            file: "a_b-1.2.3.tar.gz".to_string(),
            digest: Digest::of_bytes(b""),
            size: 7,
        }
    }

    #[test]
    fn modules_are_found_by_what_initialises_them() {
        let (_folder, tree) = tree(&[
            (
                "setup.py",
                "Extension('a_b._fast', sources=['src/a_b/_fast.c', 'lib/shared.c'])",
            ),
            ("src/a_b/__init__.py", ""),
            ("src/a_b/tests/__init__.py", ""),
            (
                "src/a_b/_fast.c",
                "#include <Python.h>\n#include \"shared.h\"\n#include <zlib.h>\nPyMODINIT_FUNC PyInit__fast(void) {}",
            ),
            ("lib/shared.c", "#include \"inner/deep.h\""),
            ("lib/shared.h", "#include <nowhere.h>"),
            ("vendored/include/inner/deep.h", ""),
            ("src/a_b/parser.pyx", "# distutils: language = c++\n"),
            ("src/a_b/plain.pyx", ""),
            ("docs/conf.py", ""),
        ]);
        let system = tempfile::tempdir().unwrap();
        for name in ["Python.h", "zlib.h"] {
            std::fs::write(system.path().join(name), "").unwrap();
        }
        let text = draft(&origin(), &tree, &[system.path().to_path_buf()]).unwrap();
        let recipe = Recipe::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(recipe.versions, "==1.2.*");
        let names: Vec<&str> = recipe.modules.iter().map(|module| module.name.as_str()).collect();
        assert_eq!(names, ["a_b._fast", "a_b.parser", "a_b.plain"]);
        assert_eq!(recipe.modules[0].sources, ["src/a_b/_fast.c", "lib/shared.c"]);
        assert_eq!(recipe.modules[0].include, ["lib", "vendored/include"]);
        assert_eq!(recipe.modules[1].sources, ["src/a_b/parser.cpp"]);
        assert_eq!(recipe.generate.len(), 2);
        assert_eq!(recipe.python[0].from, "src");
        assert_eq!(recipe.python[0].place("src/a_b/__init__.py"), Some("a_b/__init__.py"));
        assert_eq!(recipe.python[0].place("src/a_b/tests/__init__.py"), None);
        assert!(text.contains("# nowhere.h, which lib/shared.h includes\n"), "{text}");
    }

    #[test]
    fn what_cython_includes_is_no_module() {
        let (_folder, tree) = tree(&[
            ("src/a_b/__init__.py", ""),
            (
                "src/a_b/whole.pyx",
                "include 'part.pyx'\ninclude \"../shared/other.pyx\"\n",
            ),
            ("src/a_b/part.pyx", "    include 'src/a_b/deeper/inner.pyx'\n"),
            ("src/a_b/deeper/inner.pyx", "# include 'alone.pyx'\n"),
            ("src/a_b/deeper/alone.pyx", ""),
            ("src/shared/other.pyx", ""),
        ]);
        let text = draft(&origin(), &tree, &[]).unwrap();
        let recipe = Recipe::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let names: Vec<&str> = recipe.modules.iter().map(|module| module.name.as_str()).collect();
        assert_eq!(names, ["a_b.deeper.alone", "a_b.whole"]);
    }

    #[test]
    fn a_package_in_python_alone_has_a_draft_of_its_files() {
        let (_folder, tree) = tree(&[
            ("setup.py", ""),
            ("a_b/__init__.py", ""),
            ("beside.py", ""),
            ("a_b.egg-info/top_level.txt", "a_b\nbeside\n"),
        ]);
        let text = draft(&origin(), &tree, &[]).unwrap();
        let recipe = Recipe::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert!(recipe.modules.is_empty());
        assert_eq!(recipe.python[0].place("a_b/__init__.py"), Some("a_b/__init__.py"));
        assert_eq!(recipe.python[0].place("beside.py"), Some("beside.py"));
        assert_eq!(recipe.python[0].place("setup.py"), None);
    }

    #[test]
    fn what_is_compiled_in_another_way_has_no_draft() {
        let (_folder, tree) = tree(&[("a_b/__init__.py", ""), ("Cargo.toml", "")]);
        let error = draft(&origin(), &tree, &[]).unwrap_err().to_string();
        assert!(error.contains("a-b 1.2.3 compiles nothing"), "{error}");
    }
}

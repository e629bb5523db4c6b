//! The files of a source distribution.

use crate::error::Failure;
use ampoule_action::FileError;
use ampoule_wheels::normalised;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Folders that hold no part of a package.
const ASIDE: [&str; 12] = [
    "bench",
    "benchmark",
    "benchmarks",
    "doc",
    "docs",
    "example",
    "examples",
    "scripts",
    "test",
    "testing",
    "tests",
    "tools",
];

/// What an unpacked source distribution has.
#[derive(Debug)]
pub struct Tree {
    folder: PathBuf,
    /// The paths of all files, with `/` between their parts.
    pub files: BTreeSet<String>,
    /// The folder from which its packages are imported: `src`, or nothing for the whole.
    pub root: String,
    /// The packages and modules there.
    pub packages: Vec<String>,
}

impl Tree {
    /// Looks at a folder.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(folder: &Path, package: &str) -> Result<Tree, Failure> {
        let mut files = BTreeSet::new();
        for entry in WalkDir::new(folder) {
            let entry = entry.map_err(|error| FileError::reading(folder)(std::io::Error::from(error)))?;
            if let Ok(path) = entry.path().strip_prefix(folder)
                && entry.file_type().is_file()
            {
                files.insert(path.to_string_lossy().into_owned());
            }
        }
        let (root, mut packages) = importable(&files, package);
        for module in listed(folder, &files, &root)? {
            if !packages.contains(&module) {
                packages.push(module);
            }
        }
        Ok(Tree {
            folder: folder.to_path_buf(),
            files,
            root,
            packages,
        })
    }

    /// The text of a file, as far as it is one.
    pub fn text(&self, path: &str) -> String {
        let bytes = std::fs::read(self.folder.join(path)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The dotted name of a file below the folder of packages, without its ending.
    pub fn dotted(&self, path: &str) -> Option<String> {
        let below = ampoule_recipe::below(&self.root, path)?;
        let (stem, _) = below.rsplit_once('.')?;
        let is_in_package = self
            .packages
            .iter()
            .any(|package| below.starts_with(&format!("{package}/")));
        is_in_package.then(|| stem.replace('/', "."))
    }

    /// Whether it has what Python imports, and nothing that another language's build would compile.
    pub fn is_python_alone(&self) -> bool {
        let is_crate = |path: &String| path.rsplit('/').next() == Some("Cargo.toml");
        !self.packages.is_empty() && !self.files.iter().any(is_crate)
    }

    /// The files that are part of the package, and not of its tests.
    pub fn own_files(&self) -> impl Iterator<Item = &String> {
        let is_aside = |path: &str| path.split('/').any(|part| ASIDE.contains(&part));
        self.files.iter().filter(move |path| !is_aside(path))
    }
}

/// The modules beside the packages, of which setuptools has a list in the source distribution.
fn listed(folder: &Path, files: &BTreeSet<String>, root: &str) -> Result<Vec<String>, Failure> {
    let mut modules = Vec::new();
    for list in files.iter().filter(|path| path.ends_with(".egg-info/top_level.txt")) {
        for name in ampoule_action::read_text(&folder.join(list))?.lines() {
            let module = format!("{}.py", name.trim());
            let path = match root {
                "" => module.clone(),
                _ => format!("{root}/{module}"),
            };
            if files.contains(&path) {
                modules.push(module);
            }
        }
    }
    Ok(modules)
}

/// The folder of packages, and these: the one that has the package's own name, or most of them.
fn importable(files: &BTreeSet<String>, package: &str) -> (String, Vec<String>) {
    let mut by_root: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files.iter().filter(|path| path.ends_with("__init__.py")) {
        let folder = path.trim_end_matches("__init__.py").trim_end_matches('/');
        let (root, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        let is_inner = files.contains(&format!("{root}/__init__.py"));
        if !name.is_empty() && !is_inner && !ASIDE.contains(&name) {
            by_root.entry(root.to_string()).or_default().push(name.to_string());
        }
    }
    let has_own = |packages: &Vec<String>| packages.iter().any(|name| normalised(name) == package);
    let depth = |root: &String| root.split('/').count();
    let best = by_root
        .into_iter()
        .min_by_key(|(root, packages)| (!has_own(packages), depth(root), root.clone()));
    best.unwrap_or_else(|| {
        let single = format!("{}.py", package.replace('-', "_"));
        (String::new(), files.get(&single).cloned().into_iter().collect())
    })
}

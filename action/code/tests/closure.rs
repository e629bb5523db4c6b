//! What a digest covers, on small workspaces.

use ampoule_code::{Closure, Workspace};
use std::path::{Path, PathBuf};

const MANIFEST: &str = r#"
[workspace.dependencies]
stage = { path = "stage" }
leaf = { path = "leaf" }
driver = { path = "driver" }
direct = { version = "1", features = ["fast"] }
twice = "2"
tested = "1"
other = "1"
"#;

/// Two versions of `twice`, of which the stage has the newer; `forked` has one version from two sources.
const LOCK: &str = r#"
[[package]]
name = "stage"
version = "0.1.0"
dependencies = ["direct", "leaf", "tested", "twice 2.0.0"]

[[package]]
name = "leaf"
version = "0.1.0"
dependencies = ["forked 1.0.0 (registry+one)", "tested"]

[[package]]
name = "driver"
version = "0.1.0"
dependencies = ["other", "stage", "twice 1.0.0"]

[[package]]
name = "direct"
version = "1.0.0"
source = "registry+one"
checksum = "aa"
dependencies = ["below"]

[[package]]
name = "below"
version = "1.0.0"
source = "registry+one"
checksum = "bb"
dependencies = ["direct"]

[[package]]
name = "twice"
version = "1.0.0"
source = "registry+one"
checksum = "c1"

[[package]]
name = "twice"
version = "2.0.0"
source = "registry+one"
checksum = "c2"

[[package]]
name = "forked"
version = "1.0.0"
source = "registry+one"
checksum = "d1"

[[package]]
name = "forked"
version = "1.0.0"
source = "registry+two"
checksum = "d2"

[[package]]
name = "tested"
version = "1.0.0"
source = "registry+one"
checksum = "ee"

[[package]]
name = "other"
version = "1.0.0"
source = "registry+one"
checksum = "ff"
"#;

const STAGE: &str = "[package]\nname = \"stage\"\n\n[dependencies]\ndirect = { workspace = true }\nleaf = { workspace = true }\n\
                     twice = { workspace = true }\n\n[dev-dependencies]\ntested = { workspace = true }\n";

/// A workspace in a folder of its own. The crate tempfile would give build scripts other features than a plain build has.
struct Place {
    folder: PathBuf,
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Place {
    fn new() -> Place {
        let test = std::thread::current().name().unwrap().replace(':', "-");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        let place = Place { folder };
        place.write("Cargo.toml", MANIFEST);
        place.write("Cargo.lock", LOCK);
        place.write("stage/Cargo.toml", STAGE);
        place.write("stage/src/lib.rs", "// the stage");
        place.write(
            "leaf/Cargo.toml",
            "[package]\nname = \"leaf\"\n\n[dependencies]\nforked = \"1\"\n\n[build-dependencies]\ntested = \"1\"\n",
        );
        place.write("leaf/src/lib.rs", "// the leaf");
        place.write(
            "driver/Cargo.toml",
            "[package]\nname = \"driver\"\n\n[dependencies]\nother = { workspace = true }\nstage = { workspace = true }\n",
        );
        place.write("driver/src/lib.rs", "// the driver");
        place
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Replaces a text that is in a file.
    fn replace(&self, name: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.folder.join(name)).unwrap();
        assert!(text.contains(from));
        self.write(name, &text.replace(from, to));
    }

    fn stage(&self) -> PathBuf {
        self.folder.join("stage")
    }

    fn closure(&self) -> Closure {
        Workspace::around(&self.stage()).closure(&self.stage())
    }

    fn digest(&self) -> String {
        Workspace::around(&self.stage()).digest(&self.closure())
    }

    /// Whether the stage's digest is another one after this.
    fn changes(&self, change: impl FnOnce(&Place)) -> bool {
        let before = self.digest();
        change(self);
        before != self.digest()
    }
}

#[test]
fn a_closure_has_what_runs_and_not_what_builds_or_tests() {
    let closure = Place::new().closure();
    let crates: Vec<&String> = closure.crates.keys().collect();
    assert_eq!(crates, ["leaf", "stage"]);
    let packages = closure.packages.iter();
    let packages: Vec<String> = packages
        .map(|package| {
            format!(
                "{} {} {}",
                package.name,
                package.version,
                package.checksum.as_deref().unwrap()
            )
        })
        .collect();
    assert_eq!(
        packages,
        ["below 1.0.0 bb", "direct 1.0.0 aa", "forked 1.0.0 d1", "twice 2.0.0 c2"]
    );
}

#[test]
fn a_crate_of_the_closure_changes_the_digest() {
    let place = Place::new();
    assert!(place.changes(|place| place.write("stage/src/lib.rs", "// another stage")));
    assert!(place.changes(|place| place.write("leaf/src/lib.rs", "// another leaf")));
    assert!(place.changes(|place| place.write("stage/src/more.rs", "")));
    assert!(place.changes(|place| place.replace("Cargo.lock", "\"bb\"", "\"b2\"")));
    assert!(place.changes(|place| place.replace("Cargo.lock", "\"c2\"", "\"c3\"")));
    assert!(place.changes(|place| place.replace("Cargo.toml", "fast", "small")));
}

#[test]
fn nothing_else_changes_the_digest() {
    let place = Place::new();
    assert!(!place.changes(|place| place.write("driver/src/lib.rs", "// another driver")));
    for checksum in ["\"c1\"", "\"d2\"", "\"ee\"", "\"ff\""] {
        assert!(!place.changes(|place| place.replace("Cargo.lock", checksum, "\"00\"")));
    }
    assert!(!place.changes(|place| place.replace("Cargo.toml", "other = \"1\"", "other = \"2\"")));
    assert!(!place.changes(|place| place.write("stage/tests/stage.rs", "")));
    assert!(!place.changes(|place| place.write("stage/README.md", "")));
    assert!(!place.changes(|place| {
        place.write("stage/nested/Cargo.toml", "[package]\nname = \"nested\"\n");
        place.write("stage/nested/src/lib.rs", "");
    }));
}

#[test]
fn the_folder_of_the_workspace_does_not_change_the_digest() {
    assert_eq!(Place::new().digest(), Place::new().digest());
}

#[test]
#[should_panic(expected = "Cargo.lock has no missing for stage")]
fn a_dependency_that_is_not_locked_is_said() {
    let place = Place::new();
    place.replace(
        "stage/Cargo.toml",
        "[dependencies]\n",
        "[dependencies]\nmissing = \"1\"\n",
    );
    place.closure();
}

#[test]
fn dependencies_of_one_system_count_on_all() {
    let place = Place::new();
    let more = format!("{STAGE}\n[target.'cfg(unix)'.dependencies]\ntested = {{ workspace = true }}\n");
    let before = place.closure();
    place.write("stage/Cargo.toml", &more);
    assert!(!before.names.contains("tested") && place.closure().names.contains("tested"));
}

#[test]
fn a_nested_folder_finds_its_workspace() {
    let place = Place::new();
    let found = Workspace::around(&place.stage().join("src"));
    assert_eq!(found.members()["leaf"], place.folder.join("leaf"));
}

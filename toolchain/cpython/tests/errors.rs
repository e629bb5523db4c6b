//! What a user sees who gives the wrong inputs.

use ampoule_action::{Console, run, sentence};
use ampoule_archive::Archive;
use ampoule_cpython::CPython;

/// The archives that the stage needs.
const NAMES: [&str; 7] = ["aws-lc", "bzip2", "cpython", "libdeflate", "sqlite", "xz", "zlib"];

/// Inputs in a folder, where each is what a test wants it to be.
struct Inputs {
    folder: tempfile::TempDir,
}

impl Inputs {
    /// An empty folder as the SDK, and archives with these names.
    fn new(names: &[&str]) -> Inputs {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("sdk")).unwrap();
        for name in names {
            std::fs::write(folder.path().join(format!("{name}.archive")), "").unwrap();
        }
        Inputs { folder }
    }

    /// What is said of these when the stage is given archives with these names.
    fn message(&self, names: &[&str]) -> String {
        let folder = self.folder.path();
        let archive = |name: &&str| -> Archive {
            let text = format!(
                "{name}=tar.xz,strip=1,bytes=1,entries=1:{}/{name}.archive",
                folder.display()
            );
            text.parse().unwrap()
        };
        let stage = CPython {
            sdk: folder.join("sdk"),
            archives: names.iter().map(archive).collect(),
            jobs: None,
            output: folder.join("output"),
            tests: None,
        };
        let error = run(&stage, None, &Console::quiet()).expect_err("the inputs are wrong");
        assert!(!stage.output.exists(), "nothing is left behind");
        sentence(&error)
    }
}

#[test]
fn a_missing_input_is_named() {
    let others: Vec<&str> = NAMES.into_iter().filter(|name| *name != "cpython").collect();
    let message = Inputs::new(&others).message(&NAMES);
    assert!(message.contains("cpython.archive"), "{message}");
}

#[test]
fn an_archive_that_is_not_one_of_the_manifest_is_named_with_all_that_are() {
    let inputs = Inputs::new(&["zstd", "aws-lc"].iter().chain(&NAMES).copied().collect::<Vec<_>>());
    let needed = format!("--archive is needed for {}", NAMES.join(", "));
    let message = inputs.message(&NAMES[1..]);
    assert_eq!(message, format!("the archive aws-lc is not given; {needed}"));
    let more: Vec<&str> = NAMES.into_iter().chain(["zstd"]).collect();
    let message = inputs.message(&more);
    assert_eq!(
        message,
        format!("the archive zstd is not one of those that are needed; {needed}")
    );
}

#[test]
fn a_folder_that_is_no_sdk_is_named() {
    let message = Inputs::new(&NAMES).message(&NAMES);
    assert!(message.contains("the SDK cannot be used"), "{message}");
    assert!(message.contains("sdk"), "{message}");
}

//! Wheels, good and bad, installed to a folder.

use ampoule_wheels::{Error, Installed, install};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use zip::write::{SimpleFileOptions, ZipWriter};

const NAME: &str = "demo-1.0-py3-none-any.whl";

/// A wheel being written.
struct Wheel {
    name: String,
    metadata: String,
    files: Vec<(String, String)>,
    /// Lines of the RECORD in place of the right ones.
    record: Option<String>,
    link: bool,
}

impl Wheel {
    /// One with the metadata of demo 1.0.
    fn new(name: &str, files: &[(&str, &str)]) -> Wheel {
        Wheel::with_metadata("demo-1.0.dist-info", name, files)
    }

    fn with_metadata(metadata: &str, name: &str, files: &[(&str, &str)]) -> Wheel {
        let wheel = format!("{metadata}/WHEEL");
        let wheel = [(wheel.as_str(), "Wheel-Version: 1.0\nTag: py3-none-any\n")];
        let files = wheel.iter().chain(files);
        Wheel {
            name: name.to_string(),
            metadata: metadata.to_string(),
            files: files
                .map(|(path, content)| (path.to_string(), content.to_string()))
                .collect(),
            record: None,
            link: false,
        }
    }

    /// The lines of the RECORD that its files have.
    fn lines(&self) -> String {
        let line = |(path, content): &(String, String)| {
            let hash = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(content));
            format!("{path},sha256={hash},{}\n", content.len())
        };
        let lines: String = self.files.iter().map(line).collect();
        lines + &format!("{}/RECORD,,\n", self.metadata)
    }

    fn write(&self, folder: &Path) -> PathBuf {
        let path = folder.join("any-name");
        let mut archive = ZipWriter::new(std::fs::File::create(&path).unwrap());
        let record = self.record.clone().unwrap_or_else(|| self.lines());
        let record = (format!("{}/RECORD", self.metadata), record);
        for (name, content) in self
            .files
            .iter()
            .chain([&record])
            .filter(|(_, content)| !content.is_empty())
        {
            archive.start_file(name, SimpleFileOptions::default()).unwrap();
            archive.write_all(content.as_bytes()).unwrap();
        }
        if self.link {
            archive
                .add_symlink("link.py", "demo.py", SimpleFileOptions::default())
                .unwrap();
        }
        archive.finish().unwrap();
        path
    }

    /// Installs it to a folder in which others may have been.
    fn install(&self, into: &Path, installed: &mut Installed) -> Result<Vec<String>, Error> {
        let scratch = tempfile::tempdir().unwrap();
        install(&self.name, &self.write(scratch.path()), into, installed)
    }

    /// Installs it to a folder of its own.
    fn installed(&self) -> Result<TempDir, String> {
        let folder = tempfile::tempdir().unwrap();
        match self.install(folder.path(), &mut Installed::default()) {
            Ok(_) => Ok(folder),
            Err(error) => {
                let left = std::fs::read_dir(folder.path()).unwrap().count();
                assert_eq!(left, 0, "a refused wheel leaves nothing");
                Err(error.to_string())
            }
        }
    }

    fn error(&self) -> String {
        self.installed().expect_err("it is refused")
    }
}

fn text(folder: &TempDir, path: &str) -> String {
    std::fs::read_to_string(folder.path().join(path)).unwrap()
}

#[test]
fn files_keep_their_places() {
    let wheel = Wheel::new(NAME, &[("demo/__init__.py", "x = 1\n"), ("demo/data.txt", "text")]);
    let folder = wheel.installed().unwrap();
    assert_eq!(text(&folder, "demo/__init__.py"), "x = 1\n");
    assert_eq!(text(&folder, "demo/data.txt"), "text");
    assert_eq!(text(&folder, "demo-1.0.dist-info/RECORD"), wheel.lines());
}

#[test]
fn of_the_data_only_libraries_are_installed() {
    let files = [
        ("demo-1.0.data/purelib/demo.py", "a"),
        ("demo-1.0.data/platlib/more.py", "b"),
        ("demo-1.0.data/scripts/demo", "#!python"),
        ("demo-1.0.data/data/share/man", "c"),
    ];
    let folder = Wheel::new(NAME, &files).installed().unwrap();
    assert_eq!(text(&folder, "demo.py") + &text(&folder, "more.py"), "ab");
    let record = text(&folder, "demo-1.0.dist-info/RECORD");
    let paths: Vec<&str> = record.lines().filter_map(|line| line.split(',').next()).collect();
    assert_eq!(
        paths,
        [
            "demo-1.0.dist-info/WHEEL",
            "demo.py",
            "more.py",
            "demo-1.0.dist-info/RECORD"
        ]
    );
    assert!(!folder.path().join("demo-1.0.data").exists());
}

#[test]
fn what_the_record_does_not_vouch_for_is_refused() {
    let wheel = Wheel::new(NAME, &[("demo.py", "x = 1\n")]);
    let tampered = Wheel {
        record: Some(wheel.lines().replace("demo.py,sha256=", "demo.py,sha256=A")),
        ..Wheel::new(NAME, &[("demo.py", "x = 1\n")])
    };
    assert!(tampered.error().contains("demo.py is not what its RECORD says"));
    let unlisted = Wheel {
        record: Some(wheel.lines()),
        ..Wheel::new(NAME, &[("demo.py", "x = 1\n"), ("more.py", "y")])
    };
    assert!(
        unlisted
            .error()
            .contains("it holds more.py, which its RECORD does not list")
    );
    let missing = Wheel {
        record: Some(wheel.lines() + "gone.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n"),
        ..Wheel::new(NAME, &[("demo.py", "x = 1\n")])
    };
    assert!(
        missing
            .error()
            .contains("its RECORD lists gone.py, which it does not hold")
    );
}

#[test]
fn what_is_no_pure_wheel_of_that_name_is_refused() {
    let native = Wheel::new("demo-1.0-cp313-cp313-manylinux_2_17_x86_64.whl", &[]);
    assert!(native.error().contains("it holds native code"));
    assert!(
        Wheel::new("demo.zip", &[])
            .error()
            .contains("its name is not that of a wheel")
    );
    let other = Wheel::new("demo-2.0-py3-none-any.whl", &[]);
    assert!(
        other
            .error()
            .contains("demo-1.0.dist-info: it is a wheel of another distribution or version")
    );
    let mut newer = Wheel::new(NAME, &[]);
    newer.files[0].1 = "Wheel-Version: 2.0\n".to_string();
    assert!(newer.error().contains("wheel version 2.0"));
    let linked = Wheel {
        link: true,
        ..Wheel::new(NAME, &[("demo.py", "x")])
    };
    assert!(linked.error().contains("link.py is a symbolic link"));
}

#[test]
fn native_code_that_is_not_needed_is_left_out() {
    let name = "markupsafe-3.0-cp313-cp313-manylinux_2_17_x86_64.whl";
    let files = [
        ("markupsafe/__init__.py", "x = 1"),
        ("markupsafe/_speedups.cpython-313-x86_64-linux-gnu.so", "native"),
    ];
    let wheel = Wheel::with_metadata("markupsafe-3.0.dist-info", name, &files);
    let folder = tempfile::tempdir().unwrap();
    let notes = wheel.install(folder.path(), &mut Installed::default()).unwrap();
    assert!(
        notes.len() == 1 && notes[0].contains("without its native code, markupsafe/_speedups."),
        "{notes:?}"
    );
    assert_eq!(text(&folder, "markupsafe/__init__.py"), "x = 1");
    assert!(!folder.path().join(files[1].0).exists());
    assert!(!text(&folder, "markupsafe-3.0.dist-info/RECORD").contains("_speedups"));
}

#[test]
fn paths_that_leave_the_folder_are_refused() {
    let error = Wheel::new(NAME, &[("../demo.py", "x")]).error();
    assert!(error.contains("leads out of the archive"), "{error}");
}

#[test]
fn a_file_of_two_wheels_is_that_of_the_later_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut installed = Installed::default();
    let first = Wheel::new(NAME, &[("same.py", "x"), ("other.py", "x")]);
    assert!(first.install(folder.path(), &mut installed).unwrap().is_empty());
    let files = [("same.py", "x"), ("other.py", "y")];
    let second = Wheel::with_metadata("more-1.0.dist-info", "more-1.0-py3-none-any.whl", &files);
    let notes = second.install(folder.path(), &mut installed).unwrap();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(
        notes[0].contains("other.py is in demo-1.0-py3-none-any.whl"),
        "{notes:?}"
    );
    assert_eq!(text(&folder, "other.py"), "y");
}

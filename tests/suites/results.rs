//! A file with a line for each part of a suite: what becomes of it, which a run with `BLESS=1` writes anew.

use ampoule_tests::golden;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

/// The file.
pub struct Results {
    file: PathBuf,
    lines: Mutex<BTreeMap<String, String>>,
}

impl Results {
    /// Reads the file.
    pub fn open(file: PathBuf) -> Results {
        let text = std::fs::read_to_string(&file).expect("the results can be read");
        let lines = text.lines().filter_map(|line| line.split_once(": "));
        let lines = lines.map(|(part, result)| (part.to_string(), result.to_string()));
        Results {
            lines: Mutex::new(lines.collect()),
            file,
        }
    }

    /// The parts.
    pub fn parts(&self) -> Vec<String> {
        self.lines.lock().unwrap().keys().cloned().collect()
    }

    /// Compares with a part's line, or writes it where the variable BLESS is set.
    pub fn check(&self, part: &str, found: &str) -> Result<(), String> {
        let mut lines = self.lines.lock().unwrap();
        if golden::is_blessing() {
            lines.insert(part.to_string(), found.to_string());
            let text: String = lines
                .iter()
                .map(|(part, result)| format!("{part}: {result}\n"))
                .collect();
            return std::fs::write(&self.file, text).map_err(|error| format!("{}: {error}", self.file.display()));
        }
        let expected = &lines[part];
        if expected == found {
            return Ok(());
        }
        Err(format!("expected {expected}\nfound {found}"))
    }
}

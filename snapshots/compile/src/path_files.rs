//! `.pth` files in the folders of the Python path: they add folders to it, and lines of Python to run
//! (<https://docs.python.org/3/library/site.html>). The snapshot runs them by the stdlib's own `site`.

use crate::{Error, SourceFile, Sources};

/// Adds the folders that `.pth` files name; gives their lines of Python, each with the file's path in the image.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn follow(sources: &mut Sources) -> Result<Vec<(String, String)>, Error> {
    let mut python = Vec::new();
    for (folder, file) in path_files(sources) {
        let Some(text) = text_of(&ampoule_action::read(&file.disk)?) else {
            continue;
        };
        for line in text.lines().map(str::trim_end) {
            if line.starts_with("import ") || line.starts_with("import\t") {
                python.push((file.image.clone(), line.to_string()));
            } else if !line.is_empty() && !line.starts_with('#') {
                sources.search_also(joined(&folder, line));
            }
        }
    }
    Ok(python)
}

/// The files with their folders, in the order in which `site` takes them.
fn path_files(sources: &Sources) -> Vec<(String, SourceFile)> {
    let mut found = Vec::new();
    for folder in &sources.folders {
        for file in &sources.files {
            let name = file.image.strip_prefix(&format!("{folder}/"));
            if name.is_some_and(|name| name.ends_with(".pth") && !name.contains('/')) {
                found.push((folder.clone(), file.clone()));
            }
        }
    }
    found
}

/// The text of a file; none if it is something else, such as the weights of a model.
fn text_of(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.contains('\0')).then(|| text.to_string())
}

/// A path that starts in a folder, from `/` on, without `.` and `..`.
pub fn joined(folder: &str, line: &str) -> String {
    let start = if line.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in start.split('/').chain(line.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_lines_of_python_are_found() {
        let disk = tempfile::tempdir().unwrap();
        let mut sources = Sources {
            folders: vec!["/app".to_string(), "/app1".to_string()],
            ..Sources::default()
        };
        for (image, text) in [
            ("/app/app.py", "" as &str),
            (
                "/app1/b.pth",
                "# comment\n\nvendored\n../app1/./vendored\nmissing\n/home/me/package\n",
            ),
            ("/app1/a.pth", "\u{feff}import start; start.run()\nimportant\n"),
            ("/app1/deep/c.pth", "vendored"),
            ("/app1/vendored/thing.py", ""),
            ("/app1/model.pth", "PK\0\u{1}"),
        ] {
            let path = disk.path().join(image.replace('/', "_"));
            std::fs::write(&path, text).unwrap();
            sources.files.push(SourceFile {
                image: image.to_string(),
                disk: path,
            });
        }
        let lines = follow(&mut sources).unwrap();
        assert_eq!(
            lines,
            [("/app1/a.pth".to_string(), "import start; start.run()".to_string())]
        );
        assert_eq!(sources.folders, ["/app", "/app1", "/app1/vendored"]);
        assert!(sources.modules().contains_key("thing"));
    }
}

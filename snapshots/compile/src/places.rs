//! Where the folders of the Python path are in the image.

use crate::walk::Walk;
use ampoule_image::app_path;
use std::path::{Path, PathBuf};

/// The place of a folder of the Python path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The path in the image.
    pub(crate) image: String,
    /// Whether the folder is in no other one, whose files its files would be, too.
    pub(crate) is_outermost: bool,
}

/// The places of folders, in their order. One that is inside of another, or given again, is there in the image, too: its files are in
/// the component once.
pub(crate) fn places(paths: &[PathBuf], walk: &Walk<'_>) -> Vec<Place> {
    let real = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
    let real: Vec<PathBuf> = paths.iter().map(real).collect();
    let around = |path: &PathBuf| -> usize {
        let is_around = |other: &&PathBuf| path.starts_with(other) && walk.reaches(other, path);
        let outermost = real
            .iter()
            .filter(is_around)
            .min_by_key(|path| path.components().count());
        let outermost = outermost.unwrap_or(path);
        real.iter().position(|path| path == outermost).unwrap_or_default()
    };
    let around: Vec<usize> = real.iter().map(around).collect();
    let mut tops: Vec<usize> = Vec::new();
    for top in &around {
        if !tops.contains(top) {
            tops.push(*top);
        }
    }
    let place = |(index, top): (usize, &usize)| {
        let number = tops.iter().position(|known| known == top).unwrap_or_default();
        Place {
            image: app_path(number) + &below(&real[*top], &real[index]),
            is_outermost: index == *top,
        }
    };
    around.iter().enumerate().map(place).collect()
}

fn below(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    below
        .iter()
        .map(|name| format!("/{}", name.to_string_lossy()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ampoule_settings::CompileSettings;

    fn images(paths: &[&str], exclude: &[&str]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for name in ["src/lib", ".hidden/inner", "other"] {
            std::fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        let paths: Vec<PathBuf> = paths.iter().map(|path| folder.path().join(path)).collect();
        let settings = CompileSettings {
            exclude: exclude.iter().map(ToString::to_string).collect(),
            ..CompileSettings::default()
        };
        let walk = Walk::new(&paths, &[], &settings).unwrap();
        places(&paths, &walk).into_iter().map(|place| place.image).collect()
    }

    #[test]
    fn a_folder_inside_another_is_there_in_the_image() {
        assert_eq!(images(&[".", "src/lib"], &[]), ["/app", "/app/src/lib"]);
        assert_eq!(images(&["src/lib", "other", "src"], &[]), ["/app/lib", "/app1", "/app"]);
        assert_eq!(images(&["src", "other", "src"], &[]), ["/app", "/app1", "/app"]);
        assert_eq!(
            images(&["src/lib", "src", "."], &[]),
            ["/app/src/lib", "/app/src", "/app"]
        );
    }

    #[test]
    fn a_folder_that_the_walk_leaves_out_has_a_place_of_its_own() {
        assert_eq!(images(&[".", ".hidden/inner"], &[]), ["/app", "/app1"]);
        assert_eq!(images(&[".", "src/lib"], &["src"]), ["/app", "/app1"]);
    }
}

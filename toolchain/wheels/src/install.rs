//! A wheel into a folder of the Python path (PyPA, "Binary distribution format", installing a wheel).

use crate::lock::LIMIT;
use crate::record::{self, Line};
use crate::{Error, WheelName, normalised};
use ampoule_action::{FileError, read, rename, write};
use ampoule_archive::{Format, Unpacking};
use ampoule_image::WHEEL_TAGS;
use ampoule_native::{is_dispensable, is_native};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The schemes of `NAME-VERSION.data` whose files belong on the Python path; scripts, headers and data have no place in a component.
const SCHEMES: [&str; 2] = ["purelib", "platlib"];

/// What has been installed: the wheel of each file, by the file's path below the folder.
#[derive(Clone, Debug, Default)]
pub struct Installed {
    owners: BTreeMap<String, String>,
}

/// Installs the wheel `name` from a file, below a folder, without native code that the package does without. Gives notes: of such code,
/// and of each file that another wheel had installed before with other content; the later one stays.
///
/// # Errors
/// When the wheel holds native code for another machine, is no wheel of that name, or a file of it is not what its RECORD says.
pub fn install(name: &str, file: &Path, folder: &Path, installed: &mut Installed) -> Result<Vec<String>, Error> {
    let refuse = |reason: String| Error::Wheel {
        wheel: name.to_string(),
        reason,
    };
    let parsed = WheelName::parse(name).ok_or_else(|| refuse("its name is not that of a wheel".to_string()))?;
    let is_for_components = parsed.is_for_components();
    let does_without = !is_for_components && is_dispensable(&parsed.project);
    if !parsed.is_pure() && !is_for_components && !does_without {
        return Err(refuse(format!(
            "it holds native code, and not for components, whose wheels are {}",
            WHEEL_TAGS.join("-")
        )));
    }
    let scratch = tempfile::tempdir_in(folder).map_err(FileError::writing(folder))?;
    let unpacked = scratch.path().join("wheel");
    let unpacking = Unpacking {
        format: Format::Zip,
        strip: 0,
    };
    ampoule_archive::unpack(&unpacking, LIMIT, file, &unpacked, &[])?;
    let mut wheel = Wheel::open(unpacked, &parsed).map_err(refuse)?;
    let lines = wheel.verified().map_err(refuse)?;
    let mut notes = Vec::new();
    if does_without {
        notes.extend(wheel.leave_out_native().map(|files| {
            format!(
                "{name} is installed without its native code, {files}: it works in Python alone, and slower; \
                 [[tool.ampoule.extensions]] can compile it from its source"
            )
        }));
    }
    notes.extend(wheel.spread(name, &lines, folder, installed)?);
    Ok(notes)
}

/// An unpacked wheel.
struct Wheel {
    folder: PathBuf,
    /// Its files, without its RECORD and the signatures of that.
    files: Vec<String>,
    /// The name of its `.dist-info` folder.
    metadata: String,
    /// Whether its native code was left out.
    is_without_native: bool,
}

impl Wheel {
    fn open(folder: PathBuf, name: &WheelName) -> Result<Wheel, String> {
        let files = files(&folder)?;
        let metadata = metadata_folder(&files, name)?;
        check_version(&folder.join(&metadata).join("WHEEL"))?;
        let files = files.into_iter().filter(|file| !record::is_exempt(file)).collect();
        Ok(Wheel {
            folder,
            files,
            metadata,
            is_without_native: false,
        })
    }

    /// Leaves out native code; gives the names of its files, if there are any.
    fn leave_out_native(&mut self) -> Option<String> {
        let (native, others): (Vec<String>, Vec<String>) = self.files.drain(..).partition(|file| is_native(file));
        self.files = others;
        self.is_without_native = !native.is_empty();
        (!native.is_empty()).then(|| native.join(", "))
    }

    fn record(&self) -> PathBuf {
        self.folder.join(&self.metadata).join("RECORD")
    }

    /// The lines of its RECORD, which all files agree with.
    fn verified(&self) -> Result<Vec<Line>, String> {
        let text =
            std::fs::read(self.record()).map_err(|error| format!("it has no RECORD that can be read: {error}"))?;
        let lines = record::read(&text)?;
        record::verify(&self.folder, &self.files, &lines)?;
        Ok(lines)
    }

    /// Moves its files to their places.
    fn spread(
        &self,
        name: &str,
        lines: &[Line],
        folder: &Path,
        installed: &mut Installed,
    ) -> Result<Vec<String>, Error> {
        let mut notes = Vec::new();
        for file in &self.files {
            let Some(place) = place(file) else { continue };
            let (from, to) = (self.folder.join(file), folder.join(place));
            if let Some(owner) = installed.owners.insert(place.to_string(), name.to_string())
                && read(&from)? != read(&to)?
            {
                notes.push(format!(
                    "{place} is in {owner} and, with other content, in {name}, whose it is now"
                ));
            }
            rename(&from, &to)?;
        }
        self.write_record(lines, folder)?;
        Ok(notes)
    }

    /// The RECORD of what was installed: the wheel's, with the files at their places.
    fn write_record(&self, lines: &[Line], folder: &Path) -> Result<(), Error> {
        let to = folder.join(&self.metadata).join("RECORD");
        let moved: Vec<Line> = lines
            .iter()
            .filter(|line| !(self.is_without_native && is_native(&line.path)))
            .filter_map(|line| {
                Some(Line {
                    path: place(&line.path)?.to_string(),
                    ..line.clone()
                })
            })
            .collect();
        if moved == lines {
            return Ok(rename(&self.record(), &to)?);
        }
        let text = record::write(&moved).map_err(|reason| Error::Wheel {
            wheel: self.metadata.clone(),
            reason,
        })?;
        Ok(write(&to, text)?)
    }
}

/// The files of an unpacked wheel in the order of their paths; there are no links among them.
fn files(folder: &Path) -> Result<Vec<String>, String> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| error.to_string())?;
        let path = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let shown = path.to_string_lossy().into_owned();
        if entry.file_type().is_symlink() {
            return Err(format!("{shown} is a symbolic link, and a wheel has none"));
        }
        if entry.file_type().is_file() {
            files.push(shown);
        }
    }
    Ok(files)
}

/// The `.dist-info` folder, which must be that of the file's name.
fn metadata_folder(files: &[String], name: &WheelName) -> Result<String, String> {
    let mut found: Vec<&str> = files
        .iter()
        .filter_map(|file| file.split_once('/'))
        .map(|(folder, _)| folder)
        .filter(|folder| folder.ends_with(".dist-info"))
        .collect();
    found.dedup();
    let [folder] = found[..] else {
        return Err(format!(
            "it has {} folders .dist-info, and a wheel has one",
            found.len()
        ));
    };
    let own = folder.trim_end_matches(".dist-info").rsplit_once('-');
    let is_own = own
        .is_some_and(|(project, version)| normalised(project) == name.project && same_version(version, &name.version));
    if !is_own {
        return Err(format!(
            "it holds {folder}: it is a wheel of another distribution or version"
        ));
    }
    Ok(folder.to_string())
}

/// Whether two texts are the same version (PEP 440).
pub(crate) fn same_version(one: &str, other: &str) -> bool {
    use pep508_rs::pep440_rs::Version;
    // A hyphen stands as an underscore in file names.
    let parse = |text: &str| text.replace('_', "-").parse::<Version>().ok();
    one == other || parse(one).is_some_and(|version| Some(version) == parse(other))
}

/// Checks that the wheel is of a form that is known here.
fn check_version(file: &Path) -> Result<(), String> {
    let text =
        std::fs::read_to_string(file).map_err(|error| format!("it has no file WHEEL that can be read: {error}"))?;
    let version = text
        .lines()
        .find_map(|line| line.strip_prefix("Wheel-Version:"))
        .map(str::trim);
    match version {
        Some(version) if version.split('.').next() == Some("1") => Ok(()),
        Some(version) => Err(format!(
            "it is of the wheel version {version}, and 1.0 is what Ampoule reads"
        )),
        None => Err("its file WHEEL names no Wheel-Version".to_string()),
    }
}

/// Where a wheel's file is installed; none for what has no place in a component.
fn place(file: &str) -> Option<&str> {
    match file.split_once('/') {
        Some((folder, rest)) if folder.ends_with(".data") => {
            let (scheme, rest) = rest.split_once('/')?;
            SCHEMES.contains(&scheme).then_some(rest)
        }
        _ => Some(file),
    }
}

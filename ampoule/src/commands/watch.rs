//! `ampoule build --watch`: builds again whenever something that the component is built from is another one.

use super::build::BuildCommand;
use crate::chain::Steps;
use crate::error::Failure;
use crate::flags::CommonFlags;
use crate::project::{ExtensionSource, Project};
use ampoule_action::{Console, folder_of, is_standard_output};
use ampoule_compile::Sources;
use ampoule_run::{Granted, Run, Serve, Server};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, SystemTime};
use walkdir::WalkDir;

/// How long files must be left alone: an editor writes several times.
const PAUSE: Duration = Duration::from_millis(20);

/// How many changed files a line names.
const NAMED: usize = 5;

/// Flags of `ampoule build --watch`.
#[derive(Debug, clap::Args)]
pub struct Watch {
    /// Build again whenever something that the component is built from changes, until this command is ended
    #[arg(long)]
    pub watch: bool,
    /// With --watch: make this call in each new component, as `ampoule run` does
    #[arg(long, value_name = "CALL", requires = "watch")]
    run: Option<String>,
    /// With --watch: answer HTTP requests with the newest component, as `ampoule serve` does
    #[arg(long, value_name = "ADDRESS", requires = "watch", conflicts_with = "run")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "127.0.0.1:8080")]
    serve: Option<SocketAddr>,
    #[command(flatten)]
    granted: Granted,
}

impl Watch {
    /// Refuses flags that would change nothing.
    pub fn check(&self) -> Result<(), Failure> {
        if self.granted.is_nothing() || self.run.is_some() || self.serve.is_some() {
            Ok(())
        } else {
            Err(Failure::GrantedToNone)
        }
    }

    /// Builds until the process is ended.
    ///
    /// # Errors
    /// When files cannot be watched, or requests cannot be listened to. A build that fails is tried again after the next change.
    pub fn perform(&self, build: &BuildCommand, common: &CommonFlags) -> Result<(), Failure> {
        let console = common.console();
        let mut uses = Uses::new(self, common);
        let mut summary: fn(&Steps) -> String = Steps::table;
        loop {
            let mut watched = Watched::new(&build.folder)?;
            let project = build.project();
            if let Ok(project) = &project {
                if is_standard_output(&project.output) {
                    return Err(Failure::WatchedStream);
                }
                watched.add(project)?;
            }
            let built = project.and_then(|project| {
                build.build(&project, common, summary)?;
                Ok(project.output)
            });
            match built {
                Ok(component) => {
                    summary = Steps::line;
                    uses.take(&component, &console)?;
                }
                Err(error) => console.error(&error),
            }
            console.line(&watched.changes()?);
        }
    }
}

/// What is done with each new component.
struct Uses<'a> {
    watch: &'a Watch,
    cache: Option<PathBuf>,
    server: Option<Arc<Server>>,
}

impl<'a> Uses<'a> {
    fn new(watch: &'a Watch, common: &CommonFlags) -> Uses<'a> {
        Uses {
            watch,
            cache: common.cache_folder().ok(),
            server: None,
        }
    }

    /// Calls or serves a component; what it does wrong is said, and ends nothing.
    fn take(&mut self, component: &Path, console: &Console) -> Result<(), Failure> {
        let outcome = match (&self.watch.run, self.watch.serve) {
            (Some(call), _) => self.call(component, call),
            (None, Some(address)) => return self.serve(component, address, console),
            (None, None) => Ok(()),
        };
        outcome.unwrap_or_else(|error| console.error(&error));
        Ok(())
    }

    fn call(&self, component: &Path, call: &str) -> Result<(), ampoule_run::Error> {
        let run = Run {
            file: component.to_path_buf(),
            call: Some(call.to_string()),
            calls: None,
            with: Vec::new(),
            granted: self.watch.granted.clone(),
            arguments: Vec::new(),
        };
        ampoule_run::run(&run, self.cache.as_deref()).map(drop)
    }

    /// The first component's server takes each later one. Who cannot listen cannot go on.
    fn serve(&mut self, component: &Path, address: SocketAddr, console: &Console) -> Result<(), Failure> {
        let serve = Serve {
            file: component.to_path_buf(),
            address,
            requests_per_instance: 1,
            processes: None,
            granted: self.watch.granted.clone(),
        };
        let served = match &self.server {
            Some(server) => server.replace(&serve, self.cache.as_deref()),
            None => match Server::new(&serve, self.cache.as_deref()) {
                Ok(server) => {
                    let server = Arc::new(server);
                    server.clone().start(address)?;
                    self.server = Some(server);
                    Ok(())
                }
                Err(error) => Err(error),
            },
        };
        served.unwrap_or_else(|error| console.error(&error));
        Ok(())
    }
}

/// The files that a build reads, as they were before it.
struct Watched<'a> {
    folder: &'a Path,
    project: Option<Project>,
    files: Files,
    events: Receiver<()>,
    watcher: RecommendedWatcher,
}

/// Time and size of each file.
type Files = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

impl<'a> Watched<'a> {
    /// Watches the files that say what the project is: before they are read.
    fn new(folder: &'a Path) -> Result<Watched<'a>, Failure> {
        let (sender, events) = channel();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Reading is no change; whether another event is one is seen at the files.
            if event.map_or(true, |event| !event.kind.is_access()) {
                let _ = sender.send(());
            }
        })
        .map_err(|error| Failure::Watching {
            path: folder.to_path_buf(),
            error,
        })?;
        let mut watched = Watched {
            folder,
            project: None,
            files: Files::new(),
            events,
            watcher,
        };
        watched.watch(places(folder, None))?;
        watched.files = files(folder, None);
        Ok(watched)
    }

    /// Watches all that the project names as well: before it is built.
    fn add(&mut self, project: &Project) -> Result<(), Failure> {
        self.watch(places(self.folder, Some(project)))?;
        let settings = project_files(self.folder);
        let mut files = files(self.folder, Some(project));
        // As they were when they were read.
        files.retain(|path, _| !settings.contains(path));
        self.files.append(&mut files);
        self.project = Some(project.clone());
        Ok(())
    }

    fn watch(&mut self, places: BTreeMap<PathBuf, RecursiveMode>) -> Result<(), Failure> {
        for (path, mode) in places {
            self.watcher
                .watch(&path, mode)
                .map_err(|error| Failure::Watching { path, error })?;
        }
        Ok(())
    }

    /// Waits until something has changed; says what.
    fn changes(&self) -> Result<String, Failure> {
        loop {
            let now = files(self.folder, self.project.as_ref());
            if now != self.files {
                return Ok(differences(&self.files, &now));
            }
            self.events.recv().map_err(|_| Failure::WatchingEnded)?;
            while self.events.recv_timeout(PAUSE).is_ok() {}
        }
    }
}

/// What is watched, each with what is below it or without. Of what is not there, the folder is.
fn places(folder: &Path, project: Option<&Project>) -> BTreeMap<PathBuf, RecursiveMode> {
    let mut places = BTreeMap::from([(folder.to_path_buf(), RecursiveMode::NonRecursive)]);
    let Some(project) = project else {
        return places;
    };
    for file in single_files(project) {
        let folder = folder_of(&file).to_path_buf();
        if folder.is_dir() {
            places.entry(folder).or_insert(RecursiveMode::NonRecursive);
        }
    }
    let folders = project.paths.iter().cloned().chain(whole_folders(project));
    for path in folders.filter(|path| path.exists()) {
        places.insert(path, RecursiveMode::Recursive);
    }
    places
}

fn single_files(project: &Project) -> Vec<PathBuf> {
    let lock = project.lock.iter().map(|lock| lock.file.clone());
    let descriptions = project
        .extensions
        .iter()
        .map(|extension| extension.made.file().to_path_buf());
    lock.chain(descriptions).collect()
}

/// The folders and files of WIT and of recipes, and the folders of extension modules' sources: all that is in these is read.
fn whole_folders(project: &Project) -> Vec<PathBuf> {
    let sources = project
        .extensions
        .iter()
        .filter_map(|extension| match &extension.source {
            ExtensionSource::Folder(folder) => Some(folder.clone()),
            ExtensionSource::Archive { .. } => None,
        });
    let recipes = project.recipes.iter().cloned();
    wit(project).into_iter().chain(sources).chain(recipes).collect()
}

fn wit(project: &Project) -> Vec<PathBuf> {
    match &project.world.chosen.wit[..] {
        [] => project.wit_folder.iter().cloned().collect(),
        given => given.to_vec(),
    }
}

/// The files that say what the project is.
fn project_files(folder: &Path) -> [PathBuf; 2] {
    [folder.join("pyproject.toml"), folder.join("pylock.toml")]
}

/// The files that a build of the project reads.
fn files(folder: &Path, project: Option<&Project>) -> Files {
    let mut paths = BTreeSet::from(project_files(folder));
    if let Some(project) = project {
        paths.extend(single_files(project));
        paths.extend(python_files(project));
        for folder in whole_folders(project) {
            let entries = WalkDir::new(folder).into_iter().flatten();
            let entries = entries.filter(|entry| !entry.file_type().is_dir());
            paths.extend(entries.map(walkdir::DirEntry::into_path));
        }
    }
    let state = |path: PathBuf| {
        let metadata = std::fs::metadata(&path).ok()?;
        Some((path, (metadata.modified().ok(), metadata.len())))
    };
    paths.into_iter().filter_map(state).collect()
}

/// What cannot be listed is what the build complains of.
fn python_files(project: &Project) -> Vec<PathBuf> {
    let listed = Sources::list(&project.paths, &project.written(), &project.compile);
    let files = listed.unwrap_or_default().files;
    files.into_iter().map(|file| file.disk).collect()
}

/// The names of the files that differ.
fn differences(before: &Files, now: &Files) -> String {
    let names = before.keys().chain(now.keys()).collect::<BTreeSet<_>>().into_iter();
    let changes = names.filter_map(|path| match (before.get(path), now.get(path)) {
        (None, _) => Some(format!("{} is new", name(path))),
        (_, None) => Some(format!("{} is gone", name(path))),
        (old, new) => (old != new).then(|| format!("{} changed", name(path))),
    });
    let mut changes: Vec<String> = changes.collect();
    let more = changes.len().saturating_sub(NAMED);
    changes.truncate(NAMED);
    if more > 0 {
        changes.push(format!("and {more} more"));
    }
    changes.join(", ")
}

/// A path without the current folder before it.
fn name(path: &Path) -> impl Display {
    path.strip_prefix(".").unwrap_or(path).display()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_change_after_they_were_read_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let settings = folder.path().join("pyproject.toml");
        std::fs::write(&settings, "[tool.ampoule]\nworld = \"old\"\n").unwrap();
        let mut watched = Watched::new(folder.path()).unwrap();
        let project = Project::read(folder.path()).unwrap();
        std::fs::write(&settings, "[tool.ampoule]\nworld = \"another\"\n").unwrap();
        watched.add(&project).unwrap();
        let line = watched.changes().unwrap();
        assert!(line.ends_with("pyproject.toml changed"), "{line}");
    }
}

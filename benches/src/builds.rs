//! Builds: their time, memory, size, and whether two of them give the same bytes.

use crate::app::App;
use crate::builder::{Ampoule, Builder};
use crate::component::Built;
use crate::error::Error;
use crate::process::Finished;
use crate::report::Report;
use crate::statistics::median;
use ampoule_action::{FileError, read, temporary_folder};
use std::path::Path;

/// The level of zstd that stands for what a registry stores.
const COMPRESSION: i32 = 19;

/// Ampoule's first build: an empty cache, every stage.
pub fn cold(ampoule: &Ampoule, app: &App, report: &mut Report) -> Result<(), Error> {
    let folder = temporary_folder()?;
    // The cache is not in the app's folder, whose Python files are all part of the app.
    let cache = temporary_folder()?;
    app.copy(folder.path())?;
    let output = folder.path().join("output.wasm");
    let finished = ampoule.with_cache(cache.path()).build(app, folder.path(), &output)?;
    report.note(
        "Ampoule's first build, with an empty cache",
        &format!(
            "{:.1} s ({:.1} CPU-s, at most {} MB of memory)\n\n```\n{}\n```",
            finished.elapsed.as_secs_f64(),
            finished.cpu.as_secs_f64(),
            finished.memory / 1_000_000,
            finished.messages.trim_end()
        ),
    );
    Ok(())
}

/// One build of an app by each builder.
pub fn build_each(builders: &[&dyn Builder; 2], app: &App) -> Result<[Built; 2], Error> {
    Ok([build(builders[0], app)?.0, build(builders[1], app)?.0])
}

/// Measures builds of an app; gives the components.
pub fn measure(
    builders: &[&dyn Builder; 2],
    app: &App,
    rounds: usize,
    report: &mut Report,
) -> Result<[Built; 2], Error> {
    let components = build_each(builders, app)?;
    rebuilds(builders, app, rounds, report)?;
    let bytes = components
        .each_ref()
        .map(|component| component.bytes.len() as f64 / 1e6);
    report.figure("size", "MB", bytes);
    let [ampoule, peer] = components.each_ref().map(|component| compressed(&component.bytes));
    report.figure("size under zstd -19", "MB", [ampoule?, peer?]);
    for (builder, component) in builders.iter().zip(&components) {
        let again = build(*builder, app)?.0;
        let same = if again.bytes == component.bytes {
            "the same bytes"
        } else {
            "other bytes"
        };
        report.note(&format!("Two builds by {} in two folders", builder.name()), same);
    }
    Ok(components)
}

/// Builds after a change of the app, in turn by each builder.
fn rebuilds(builders: &[&dyn Builder; 2], app: &App, rounds: usize, report: &mut Report) -> Result<(), Error> {
    let folders = [temporary_folder()?, temporary_folder()?];
    for folder in &folders {
        app.copy(folder.path())?;
    }
    let mut finished: [Vec<Finished>; 2] = Default::default();
    for _ in 0..rounds {
        for (which, builder) in builders.iter().enumerate() {
            let folder = folders[which].path();
            app.change(folder)?;
            let measured = builder.build(app, folder, &folder.join("output.wasm"))?;
            finished[which].push(measured);
        }
    }
    let all = |take: fn(&Finished) -> std::time::Duration| {
        finished
            .each_ref()
            .map(|builds| median(builds.iter().map(take).collect()))
    };
    report.figure("build after a change of the app", "s", all(|build| build.elapsed));
    report.figure("CPU time of it", "s", all(|build| build.cpu));
    let memory = finished
        .each_ref()
        .map(|builds| builds.iter().map(|build| build.memory).max().unwrap_or(0));
    report.figure("largest memory of it", "MB", memory.map(|bytes| bytes as f64 / 1e6));
    if let Some(last) = finished[0].last() {
        report.note(
            "Ampoule's stages after a change of the app",
            &format!("\n\n```\n{}\n```", last.messages.trim_end()),
        );
    }
    Ok(())
}

/// One build of a copy of the app in a folder of its own.
pub fn build(builder: &dyn Builder, app: &App) -> Result<(Built, Finished), Error> {
    let folder = temporary_folder()?;
    app.copy(folder.path())?;
    let output = folder.path().join("output.wasm");
    let finished = builder.build(app, folder.path(), &output)?;
    let bytes = read(&output)?;
    Ok((
        Built {
            builder: builder.name(),
            bytes,
        },
        finished,
    ))
}

/// The megabytes of some bytes under zstd -19.
pub fn compressed(bytes: &[u8]) -> Result<f64, Error> {
    let compressed = zstd::encode_all(bytes, COMPRESSION);
    let compressed = compressed.map_err(FileError::reading(Path::new("the component")))?;
    Ok(compressed.len() as f64 / 1e6)
}

//! Samples with mistakes in them, the same ones each time: no reader panics.
//!
//! `MUTATIONS=100000` tries more of each than the usual.

use ampoule_archive::Format;
use ampoule_readers::{Reader, mutated, read};
use ampoule_tests::{PackageConfig, random_bytes, random_package};
use arbitrary::Unstructured;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use zip::write::{SimpleFileOptions, ZipWriter};

/// How often each sample is mutated.
const USUAL_COUNT: u64 = 100;

/// As many random bytes as a mutation takes.
const RANDOM_LENGTH: usize = 256;

/// As large as a sample may be, for a test that reads it a hundred times.
const LARGEST: usize = 100_000;

/// Reads each sample as it is, and with mistakes.
fn try_all(reader: Reader, samples: &[Vec<u8>]) {
    assert!(!samples.is_empty());
    let count = std::env::var("MUTATIONS").ok().and_then(|count| count.parse().ok());
    let count = count.unwrap_or(USUAL_COUNT);
    for (number, sample) in samples.iter().enumerate().filter(|(_, sample)| sample.len() < LARGEST) {
        read(reader, sample);
        for seed in 0..count {
            let random = random_bytes(seed * 1000 + number as u64, RANDOM_LENGTH);
            let bytes = mutated(sample, &mut Unstructured::new(&random)).expect("there are random bytes");
            let result = std::panic::catch_unwind(|| read(reader, &bytes));
            assert!(
                result.is_ok(),
                "{reader:?}: sample {number}, seed {seed}: {:?}",
                String::from_utf8_lossy(&bytes)
            );
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn file(path: &str) -> Vec<u8> {
    std::fs::read(root().join(path)).expect("the sample can be read")
}

/// The contents of the files below a folder that have this ending, in the order of their names.
fn files(folder: &str, extension: &str) -> Vec<Vec<u8>> {
    let entries = walkdir::WalkDir::new(root().join(folder)).sort_by_file_name();
    let paths = entries
        .into_iter()
        .map(|entry| entry.expect("the folder can be read").into_path());
    let paths = paths.filter(|path| path.is_file() && path.extension().is_some_and(|found| found == extension));
    paths
        .map(|path| std::fs::read(path).expect("the sample can be read"))
        .collect()
}

#[test]
fn wit() {
    try_all(Reader::Wit, &files("linker/bindgen/tests/cases", "wit"));
}

#[test]
fn binary_wit() {
    let packages = (0..20).filter_map(|seed| random_package(&PackageConfig::default(), seed));
    try_all(Reader::BinaryWit, &packages.collect::<Vec<_>>());
}

#[test]
fn projects() {
    let samples = ["examples/dependencies", "examples/extension", "examples/echo"];
    let samples = samples.map(|folder| file(&format!("{folder}/pyproject.toml")));
    try_all(Reader::Project, &samples);
}

#[test]
fn packages() {
    let sample = "wit_directory = \"wit\"\nbindings = \"wit\"\nfull_names = true\n[import_interface_names]\n\"a:b/c@1.0.0\" = \"d\"\n";
    try_all(Reader::Package, &[sample.into()]);
}

fn modules() -> Vec<Vec<u8>> {
    let texts = files("linker/link/tests/cases", "wat");
    texts
        .iter()
        .map(|text| wat::parse_bytes(text).expect("a module").into_owned())
        .collect()
}

#[test]
fn bases() {
    try_all(Reader::Base, &modules());
}

#[test]
fn side_modules() {
    try_all(Reader::SideModule, &modules());
}

/// A module with the types of a world, as `link` leaves them.
#[test]
fn components() {
    let mut resolve = wit_parser::Resolve::default();
    let text = "package a:b; world w { import f: func() -> u32; export g: func(b: s16) -> s16; }";
    let package = resolve.push_str("w.wit", text).expect("the WIT is right");
    let world = resolve.select_world(&[package], None).expect("there is a world");
    let module = r#"(module
        (import "$root" "f" (func (result i32)))
        (memory (export "memory") 1)
        (func (export "g") (param i32) (result i32) (local.get 0)))"#;
    let mut module = wat::parse_str(module).expect("a module");
    let encoding = wit_component::StringEncoding::UTF8;
    wit_component::embed_component_metadata(&mut module, &resolve, world, encoding, false)
        .expect("the types are embedded");
    try_all(Reader::Component, &[module]);
}

#[test]
fn pins() {
    try_all(Reader::Pins, &[file("toolchain/pins.json")]);
}

#[test]
fn locks() {
    try_all(Reader::Pylock, &[file("examples/dependencies/pylock.toml")]);
}

#[test]
fn requirements() {
    let hash = "0123456789abcdef".repeat(4);
    let sample = format!(
        "# made by a tool\nclick==8.1.7 ; python_version >= \"3.8\" \\\n    --hash=sha256:{hash} \\\n    --hash=sha256:{hash}\nflask[async]==3.0.0 --hash=sha256:{hash}\n"
    );
    try_all(Reader::Requirements, &[sample.into()]);
}

/// A tar with a folder, files and a link.
fn tarball() -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in [("demo/a.py", "pass\n"), ("demo/long.txt", &"text ".repeat(300))] {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder
            .append_data(&mut header, name, content.as_bytes())
            .expect("it can be added");
    }
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    builder
        .append_link(&mut link, "demo/link", "a.py")
        .expect("it can be added");
    builder.into_inner().expect("it can be finished")
}

fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .expect("it can be added");
        writer.write_all(content.as_bytes()).expect("it can be written");
    }
    writer.finish().expect("it can be finished").into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("it can be written");
    encoder.finish().expect("it can be finished")
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 0);
    encoder.write_all(bytes).expect("it can be written");
    encoder.finish().expect("it can be finished")
}

#[test]
fn archives() {
    let mut package = ar::Builder::new(Vec::new());
    for (name, content) in [("debian-binary", b"2.0\n".to_vec()), ("data.tar.xz", xz(&tarball()))] {
        let header = ar::Header::new(name.as_bytes().to_vec(), content.len() as u64);
        package.append(&header, content.as_slice()).expect("it can be added");
    }
    try_all(
        Reader::Archive(Format::Deb),
        &[package.into_inner().expect("it can be finished")],
    );
    try_all(Reader::Archive(Format::TarGz), &[gzip(&tarball())]);
    try_all(Reader::Archive(Format::TarXz), &[xz(&tarball())]);
    try_all(
        Reader::Archive(Format::Zip),
        &[zip(&[("a/b.py", "pass\n"), ("c.txt", "text")])],
    );
}

/// The tar inside the compression too, which hides most mistakes behind its checksum.
#[test]
fn tars() {
    for seed in 0..USUAL_COUNT {
        let random = random_bytes(seed, RANDOM_LENGTH);
        let bytes = mutated(&tarball(), &mut Unstructured::new(&random)).expect("there are random bytes");
        read(Reader::Archive(Format::TarGz), &gzip(&bytes));
    }
}

#[test]
fn wheels() {
    let wheel = "Wheel-Version: 1.0\nTag: py3-none-any\n";
    let record = "demo.py,sha256=_2FVKD8eHzcj3hrVI36ZBPpVgjR3eJFJmV9bHbcSnr0,5\ndemo-1.0.dist-info/WHEEL,,\ndemo-1.0.dist-info/RECORD,,\n";
    let entries = [
        ("demo.py", "pass\n"),
        ("demo-1.0.dist-info/WHEEL", wheel),
        ("demo-1.0.dist-info/RECORD", record),
    ];
    try_all(Reader::Wheel, &[zip(&entries)]);
    for seed in 0..USUAL_COUNT {
        let random = random_bytes(seed, RANDOM_LENGTH);
        let record = mutated(record.as_bytes(), &mut Unstructured::new(&random)).expect("there are random bytes");
        let record = String::from_utf8_lossy(&record).into_owned();
        let entries = [entries[0], entries[1], (entries[2].0, record.as_str())];
        read(Reader::Wheel, &zip(&entries));
    }
}

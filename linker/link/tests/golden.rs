//! Links the modules of each folder in `cases` and compares the result with what stands beside them.
//!
//! A case has `base.wat` and side modules `*.wat`, linked in the order of their names. A side module that begins with
//! `;; image: PATH` is an extension module at that path. Expected are `linked.txt` (as text, with all that the build runs), `component.txt` (without),
//! `layout.json` and `report.json`, or `error.txt`.
//! `BLESS=1` writes what is expected.

use ampoule_link::{Input, Linked, Options, Roots, Wasi, link};
use ampoule_tests::golden::{self, Files};
use std::path::{Path, PathBuf};

struct Source {
    name: String,
    image_path: Option<String>,
    bytes: Vec<u8>,
}

/// The files that may be expected of a case.
const EXPECTED: [&str; 5] = ["linked.txt", "component.txt", "layout.json", "report.json", "error.txt"];

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let cases = golden::cases(&folder);
    let failures: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn check(case: &Path) -> Result<(), String> {
    let (base, modules) = sources(case);
    let inputs: Vec<Input<'_>> = modules.iter().map(input).collect();
    let link = |roots| {
        let wasi = Wasi::Host;
        link(&base.bytes, &inputs, Options { wasi, roots })
    };
    let found = match link(Roots::Build) {
        Ok(linked) => {
            assert_eq!(ampoule_link::layout(&base.bytes, &inputs).unwrap(), linked.layout);
            let component = link(Roots::Component).unwrap();
            assert_eq!(component.layout, linked.layout);
            outputs(&linked, &component)
        }
        Err(error) => Files::from([("error.txt".into(), format!("{error}\n"))]),
    };
    golden::check_all(case, &EXPECTED, &found)
}

fn outputs(linked: &Linked, component: &Linked) -> Files {
    let json = |text: Result<String, serde_json::Error>| text.unwrap() + "\n";
    let texts = [
        ("linked.txt", wasmprinter::print_bytes(&linked.module).unwrap()),
        ("component.txt", wasmprinter::print_bytes(&component.module).unwrap()),
        ("layout.json", json(serde_json::to_string_pretty(&linked.layout))),
        ("report.json", json(serde_json::to_string_pretty(&linked.report))),
    ];
    texts.map(|(name, text)| (name.into(), text)).into()
}

fn sources(case: &Path) -> (Source, Vec<Source>) {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(case)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "wat"));
    paths.sort();
    let (base, modules): (Vec<_>, Vec<_>) = paths
        .iter()
        .map(|path| source(path))
        .partition(|source| source.name == "base");
    (base.into_iter().next().expect("a case has base.wat"), modules)
}

fn source(path: &Path) -> Source {
    let text = std::fs::read_to_string(path).unwrap();
    let image_path = text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix(";; image: "))
        .map(str::to_string);
    Source {
        name: path.file_stem().unwrap().to_str().unwrap().to_string(),
        image_path,
        bytes: wat::parse_file(path).unwrap_or_else(|error| panic!("{error}")),
    }
}

fn input(source: &Source) -> Input<'_> {
    Input {
        name: &source.name,
        image_path: source.image_path.as_deref(),
        bytes: &source.bytes,
    }
}

//! A release as a module: the programs and the toolchain's results come from its archives.

use super::driver::outputs_of_driver;
use super::scratch::Scratch;
use ampoule_action::Digest;
use ampoule_support::root;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::env::consts::ARCH;

const VERSION: &str = "0.1.0";

/// Writes an archive of a folder: `archive FILE FOLDER PLACE`. What Bazel links into a workspace is no part of it.
const ARCHIVE: &str = "
archive() {
    python3 - \"$@\" <<'END'
import sys, tarfile
file, folder, place = sys.argv[1:]
def is_source(member):
    return None if member.name.startswith(place + '/bazel-') else member
with tarfile.open(file, 'w:gz', compresslevel=1, dereference=True) as archive:
    archive.add(folder, place, filter=is_source)
END
}
mkdir -p /scratch/mirror
";

/// The pin of one of the archives, and how many folders are dropped of it.
fn pin(scratch: &Scratch, name: &str, stem: &str, strip: u32) -> Value {
    let file = format!("{stem}-{VERSION}-{ARCH}-linux.tar.gz");
    let digest = Digest::of_file(&scratch.path("mirror").join(&file)).expect("the archive can be read");
    json!({
        "name": name,
        "version": VERSION,
        "license": "Apache-2.0",
        "purl": format!("pkg:generic/{name}@{VERSION}"),
        "unpack": { "format": "tar.gz", "strip": strip },
        "files": [{
            "platform": format!("{ARCH}-linux"),
            "file": file,
            "digest": digest,
            "limit": { "bytes": 1_000_000_000, "entries": 50_000 },
            "sources": [format!("https://releases.invalid/{file}")],
        }],
    })
}

/// Makes the archives of the programs and of the toolchain's results, and a source archive that pins them.
fn make_release(scratch: &Scratch) -> Digest {
    scratch.bazel(&format!(
        "{ARCHIVE}
        bazel build --disk_cache=/scratch/disk //bazel:toolchain --output_groups=+sdk,+cpython
        suffix={VERSION}-{ARCH}-linux
        archive /scratch/mirror/ampoule-$suffix.tar.gz /tools/bin ampoule-$suffix/bin
        for part in sdk cpython interpreter; do
            made=$(echo bazel-out/*/bin/external/*ampoule_toolchains/prebuilt_{ARCH}-linux_$part)
            archive /scratch/mirror/ampoule-$part-$suffix.tar.gz $made ampoule-$part-$suffix/$part
        done"
    ));
    let parts = ["sdk", "cpython", "interpreter"].map(|part| format!("ampoule-{part}"));
    let mut pins = vec![pin(scratch, "ampoule-tools", "ampoule", 1)];
    pins.extend(parts.iter().map(|part| pin(scratch, part, part, 2)));
    let release = json!({ "pins": pins }).to_string();
    ampoule_action::write(&scratch.path("ampoule/bazel/release.json"), release).expect("a file can be written");
    scratch.bazel(&format!(
        "{ARCHIVE}archive /scratch/source.tar.gz /ampoule {}",
        strip_prefix()
    ));
    Digest::of_file(&scratch.path("source.tar.gz")).expect("the archive can be read")
}

/// The folder in the source archive, as registries are told.
fn strip_prefix() -> String {
    let template = ampoule_action::read_text(&root().join(".bcr/source.template.json")).expect("the template is there");
    let template: Value = serde_json::from_str(&template).expect("it is JSON");
    let prefix = template["strip_prefix"].as_str().expect("it names the folder");
    prefix.replace("{VERSION}", VERSION)
}

/// The project's MODULE.bazel, as docs/bazel.md has it.
fn module(source: &Digest) -> String {
    let prefix = strip_prefix();
    format!(
        r#"
bazel_dep(name = "ampoule", version = "{VERSION}")

archive_override(
    module_name = "ampoule",
    integrity = "{source}",
    strip_prefix = "{prefix}",
    urls = ["file:///scratch/source.tar.gz"],
)
"#
    )
}

/// Nothing of the toolchain is built, or fetched beside the programs and the interpreter, and the component is the
/// driver's; a flag has the toolchain built all the same.
#[test]
fn a_release_brings_programs_and_results() {
    let scratch = Scratch::new("release");
    let source = make_release(&scratch);
    ampoule_action::write(&scratch.path("project/MODULE.bazel"), module(&source)).expect("a file can be written");
    let printed = scratch.bazel(
        "bazel aquery --//bazel:results=source 'mnemonic(\"Ampoule(Unpack|Interpreter)\", deps(//examples/hello:app))'
        echo --- fetched
        bazel shutdown
        unset AMPOULE_TOOLS
        cd /scratch/project
        bazel() {
            command bazel --output_user_root=/scratch/other --bazelrc=/ampoule/tests/build-systems/bazel/offline.bazelrc \"$@\"
        }
        bazel build --repo_env=AMPOULE_MIRROR=/scratch/mirror --execution_log_json_file=/scratch/log.json \
            @ampoule//examples/hello:app
        cp -L bazel-bin/external/*/examples/hello/app.wasm /scratch/app.wasm
        cd /scratch/other/*/external
        ls -d *ampoule_*",
    );
    let (built, fetched) = printed.split_once("--- fetched\n").expect("the script says so");
    assert!(built.contains("Mnemonic: AmpouleInterpreter"), "{built}");
    assert!(!built.contains("Mnemonic: AmpouleUnpack"), "{built}");
    let repositories = fetched.lines().filter(|name| name.ends_with("-linux"));
    assert_eq!(repositories.count(), 2, "{fetched}");
    let log = scratch.log("log.json");
    let mnemonics: BTreeSet<&str> = log.values().map(|spawn| spawn.mnemonic.as_str()).collect();
    let expected = [
        "AmpouleBindgen",
        "AmpouleCompile",
        "AmpouleComponent",
        "AmpouleLink",
        "AmpouleSnapshot",
        "AmpouleUnpack",
    ];
    assert_eq!(mnemonics, BTreeSet::from(expected));
    let component = Digest::of_file(&scratch.path("app.wasm")).expect("Bazel has made the component");
    let theirs = outputs_of_driver("hello");
    assert!(
        theirs.contains(&("component:component".to_string(), component)),
        "{theirs:#?}"
    );
}

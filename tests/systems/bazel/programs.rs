//! Where Ampoule's programs and other inputs come from.

use super::driver::outputs_of_driver;
use super::scratch::Scratch;
use ampoule_action::Digest;
use ampoule_support::{root, succeed, text};
use std::path::Path;
use std::process::Command;

/// A lock that pins an archive of programs: they are taken by its digest, and refused with another. They fetch what has no URL.
#[test]
fn prebuilt_programs_are_taken_by_their_digest() {
    let scratch = Scratch::empty("prebuilt");
    let archive = "
import tarfile
with tarfile.open('/scratch/mirror/programs.tar.gz', 'w:gz', compresslevel=1) as archive:
    archive.add('/tools/bin', 'ampoule/bin')
";
    scratch.bazel(&format!("mkdir /scratch/mirror\npython3 - <<'END'{archive}END"));
    let digest = Digest::of_file(&scratch.path("mirror/programs.tar.gz")).expect("the archive can be read");
    let build = "unset AMPOULE_TOOLS
        bazel build --repo_env=AMPOULE_MIRROR=/scratch/mirror @@_main~ampoule~ampoule_tools_$(uname -m)-linux//:tools
        ls /scratch/root/*/external/*ampoule_tools_*/bin";
    scratch.edit(
        "toolchain/pins.json",
        "\"pins\": [",
        &format!("\"pins\": [{},", pin_of_programs(&digest)),
    );
    assert!(scratch.bazel(build).contains("ampoule-snapshot"));
    let unreached = scratch.refused(
        "unset AMPOULE_TOOLS
        bazel query --repo_env=AMPOULE_MIRROR=/scratch/mirror '@@_main~ampoule~ampoule_zlib//:file'",
    );
    assert!(unreached.contains("error: cannot fetch zlib"), "{unreached}");

    let other = Digest::of_bytes(b"something else");
    scratch.edit("toolchain/pins.json", &digest.to_string(), &other.to_string());
    let complaint = scratch.refused(build);
    let expected = format!("cannot be downloaded with the digest {other}");
    assert!(complaint.contains(&expected), "{complaint}");
}

/// The pin of the archive of programs, as JSON.
fn pin_of_programs(digest: &Digest) -> serde_json::Value {
    serde_json::json!({
        "name": "ampoule-tools",
        "version": "0.1.0",
        "license": "Apache-2.0",
        "purl": "pkg:generic/ampoule@0.1.0",
        "unpack": { "format": "tar.gz", "strip": 1 },
        "files": [{
            "platform": format!("{}-linux", std::env::consts::ARCH),
            "file": "programs.tar.gz",
            "digest": digest,
            "limit": { "bytes": 1_000_000_000, "entries": 100 },
            "sources": ["https://programs.invalid/programs.tar.gz"],
        }],
    })
}

#[test]
fn what_is_missing_is_named_with_the_remedy() {
    let scratch = Scratch::empty("messages");
    // First: a build has the mirror, and may leave the file in the cache of downloads, whatever it fails of.
    let query = "bazel query --repo_env=AMPOULE_MIRROR=/nowhere '@@_main~ampoule~ampoule_zlib//:file'";
    let without_pins = scratch.refused(&format!("unset AMPOULE_TOOLS\n{query}"));
    assert!(without_pins.contains("--repo_env=AMPOULE_MIRROR=DIR"), "{without_pins}");

    let without_tools = scratch.refused("unset AMPOULE_TOOLS\nbazel build --nobuild //bazel:toolchain");
    assert!(
        without_tools.contains("pins no programs of Ampoule for"),
        "{without_tools}"
    );
    assert!(
        without_tools.contains("--repo_env=AMPOULE_TOOLS=$PWD/target/release"),
        "{without_tools}"
    );
}

/// Repository rules run in folders of their own: a relative path would be searched there.
#[test]
fn relative_places_are_refused() {
    let scratch = Scratch::empty("relative-places");
    let tools = format!("ampoule_tools_{}-linux//:tools", std::env::consts::ARCH);
    for (variable, target) in [
        ("AMPOULE_TOOLS", tools.as_str()),
        ("AMPOULE_MIRROR", "ampoule_zlib//:file"),
        ("AMPOULE_CRATES", "ampoule_crates//:crates"),
    ] {
        let complaint = scratch.refused(&format!(
            "unset AMPOULE_TOOLS
            bazel query --repo_env={variable}=some/folder '@@_main~ampoule~{target}'"
        ));
        let remedy = format!("give an absolute one: {variable}=$PWD/some/folder");
        assert!(complaint.contains(&remedy), "{complaint}");
    }
}

/// `--//bazel:tools=source`: one action runs cargo over the vendored crates, and the component is the driver's.
#[test]
#[ignore = "compiles Wasmtime: half an hour"]
fn the_programs_are_built_from_source() {
    let scratch = Scratch::empty("source");
    let crates = scratch.path("crates");
    let mut vendor = Command::new("cargo");
    vendor
        .args(["vendor", "--locked", "--versioned-dirs", "--quiet"])
        .arg(&crates);
    succeed(vendor.current_dir(root()));
    let rust = succeed(Command::new("rustc").args(["--print", "sysroot"]));
    let output = scratch.run_with(
        &[(Path::new(rust.trim()), "/rust"), (&crates, "/crates")],
        "unset AMPOULE_TOOLS
        export AMPOULE_CRATES=/crates PATH=/rust/bin:$PATH
        bazel build --//bazel:tools=source //examples/hello:app
        cp bazel-bin/examples/hello/app.wasm /scratch/app.wasm",
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    let digest = Digest::of_path(&scratch.path("app.wasm")).expect("Bazel has made the component");
    let theirs = outputs_of_driver("hello");
    assert!(
        theirs.contains(&("component:component".to_string(), digest)),
        "{digest}: {theirs:#?}"
    );
}

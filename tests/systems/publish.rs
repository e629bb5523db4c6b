//! `ampoule publish` to a registry on this machine: Debian's, which lists no referrers itself, so that they are found by tag.

mod registry;

use ampoule_action::Digest;
use ampoule_support::{ampoule, copy_into, root, succeed, text};
use registry::Registry;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A folder with the example, built, and beside it what is said of the build.
fn hello() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy_into(&root().join("examples/hello"), &folder.path().join("hello"));
    let said = ["--provenance", "provenance.jsonl", "--sbom", "sbom.cdx.json"];
    succeed(ampoule(folder.path()).args(["build", "--quiet", "hello"]).args(said));
    folder
}

/// `ampoule publish` where nobody has logged in.
fn publish(folder: &Path, reference: &str) -> Command {
    let mut command = ampoule(folder);
    command.args(["publish", reference]);
    command.env("HOME", folder).env("DOCKER_CONFIG", folder);
    for name in [
        "REGISTRY_AUTH_FILE",
        "XDG_RUNTIME_DIR",
        "http_proxy",
        "HTTP_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ] {
        command.env_remove(name);
    }
    command
}

/// What it says when it fails.
fn failure(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success(), "{}", text(&output.stdout));
    text(&output.stderr)
}

fn sha256(content: &[u8]) -> String {
    Digest::of_bytes(content).hexadecimal()
}

#[test]
fn a_component_with_its_provenance_and_bill() {
    let registry = Registry::start(None);
    let folder = hello();
    let component = std::fs::read(folder.path().join("hello/hello.wasm")).unwrap();
    let reference = registry.reference("team/hello:1");
    let printed = succeed(publish(folder.path(), &reference).arg("hello"));
    let (named, digest) = printed.trim_end().split_once('@').unwrap();
    assert_eq!(named, reference);

    // The component, as wasm tools read it.
    let manifest = registry.manifest("team/hello", "1", IMAGE);
    assert_eq!(format!("sha256:{}", sha256(&manifest)), digest);
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["config"]["mediaType"], "application/vnd.wasm.config.v0+json");
    assert_eq!(manifest["layers"].as_array().unwrap().len(), 1);
    assert_eq!(manifest["layers"][0]["mediaType"], "application/wasm");
    assert_eq!(registry.blob("team/hello", &manifest["layers"][0]), component);
    let configuration = registry.blob("team/hello", &manifest["config"]);
    let configuration: Value = serde_json::from_slice(&configuration).unwrap();
    let layer = format!("sha256:{}", sha256(&component));
    assert_eq!(
        configuration,
        json!({
            "created": "1970-01-01T00:00:00Z", "architecture": "wasm", "os": "wasip2", "layerDigests": [layer],
            "component": {"exports": ["greet"], "imports": configuration["component"]["imports"]},
        })
    );
    let imports = configuration["component"]["imports"].as_array().unwrap();
    assert!(
        imports
            .iter()
            .any(|name| name.as_str().unwrap().starts_with("wasi:cli/")),
        "{imports:?}"
    );

    // What is said of it.
    let statements = std::fs::read(folder.path().join("provenance.jsonl")).unwrap();
    let bill = std::fs::read(folder.path().join("sbom.cdx.json")).unwrap();
    assert!(text(&statements).contains(&sha256(&component)));
    let referrers = registry.referrers("team/hello", digest);
    let types: Vec<&Value> = referrers.iter().map(|referrer| &referrer["artifactType"]).collect();
    assert_eq!(
        types,
        ["application/vnd.in-toto+json", "application/vnd.cyclonedx+json"]
    );
    for (referrer, expected) in referrers.iter().zip([statements, bill]) {
        let manifest = registry.manifest("team/hello", referrer["digest"].as_str().unwrap(), IMAGE);
        let manifest: Value = serde_json::from_slice(&manifest).unwrap();
        assert_eq!(manifest["subject"]["digest"], digest);
        assert_eq!(manifest["artifactType"], referrer["artifactType"]);
        let layers = manifest["layers"].as_array().unwrap();
        let said = layers.iter().flat_map(|layer| registry.blob("team/hello", layer));
        assert_eq!(text(&said.collect::<Vec<u8>>()), text(&expected));
    }

    // Again, and from its files: the same, under every tag.
    assert_eq!(succeed(publish(folder.path(), &reference).arg("hello")), printed);
    let given = [
        "--component",
        "hello/hello.wasm",
        "--provenance",
        "provenance.jsonl",
        "--sbom",
        "sbom.cdx.json",
    ];
    let printed = succeed(publish(folder.path(), &registry.reference("team/hello:stable")).args(given));
    assert_eq!(printed.trim_end().split_once('@').unwrap().1, digest);
    assert_eq!(registry.referrers("team/hello", digest), referrers);

    // What another says of it comes to what is there.
    succeed(publish(folder.path(), &reference).args(["hello", "--builder", "https://example.com/builder"]));
    let more = registry.referrers("team/hello", digest);
    assert_eq!((&more[..2], more.len()), (&referrers[..], 3));
}

#[test]
fn who_may_not_write_is_told_to_log_in() {
    // The password `secret`, by bcrypt.
    let registry = Registry::start(Some(
        "tester:$2b$04$hj6w6Rk.lp2hIOBpozsyTeTpxRjvevwcKShPQKwQ6pp6tpF8334xS\n",
    ));
    let folder = hello();
    let reference = registry.reference("hello");
    let component = ["--component", "hello/hello.wasm"];
    let login = |file: &str, authentication: &str| {
        let logins = json!({"auths": {registry.address(): {"auth": authentication}}});
        std::fs::write(folder.path().join(file), logins.to_string()).unwrap();
    };
    let said = failure(publish(folder.path(), &reference).args(component));
    assert!(
        said.contains("/hello may not be written: authentication required; log in with `docker login "),
        "{said}"
    );
    // tester:wrong
    login("config.json", "dGVzdGVyOndyb25n");
    let said = failure(publish(folder.path(), &reference).args(component));
    assert!(said.contains("may not be written"), "{said}");
    // tester:secret
    login("config.json", "dGVzdGVyOnNlY3JldA==");
    let printed = succeed(publish(folder.path(), &reference).args(component));
    assert!(printed.starts_with(&format!("{reference}:latest@sha256:")), "{printed}");
    std::fs::remove_file(folder.path().join("config.json")).unwrap();
    login("auth.json", "dGVzdGVyOnNlY3JldA==");
    let podman = |command: &mut Command| succeed(command.args(component).env("REGISTRY_AUTH_FILE", "auth.json"));
    assert_eq!(podman(&mut publish(folder.path(), &reference)), printed);
}

#[test]
fn nothing_is_published_by_mistake() {
    let registry = Registry::start(None);
    let folder = hello();
    let component = ["--component", "hello/hello.wasm"];
    let fails = |reference: &str, arguments: &[&str], expected: &str| {
        let said = failure(publish(folder.path(), reference).args(arguments));
        assert!(said.contains(expected), "{said}");
    };
    fails(
        "hello:1",
        &component,
        "`hello:1` is nothing to publish to: it names no registry",
    );
    let reference = registry.reference("hello:1");
    fails(
        &reference,
        &["--component", "hello/app.py"],
        "hello/app.py is not a component",
    );
    std::fs::write(folder.path().join("other.jsonl"), "{}\n").unwrap();
    let other = [&component[..], &["--provenance", "other.jsonl"]].concat();
    fails(&reference, &other, "line 1 of the provenance is no in-toto statement");
    let other = br#"{"predicateType": "x", "subject": [{"digest": {"sha256": "00"}}]}"#;
    std::fs::write(folder.path().join("other.jsonl"), other).unwrap();
    let other = [&component[..], &["--provenance", "other.jsonl"]].concat();
    fails(
        &reference,
        &other,
        "the provenance says nothing of a component with the sha256 ",
    );
    let tls = [&component[..], &["--plain-http=false"]].concat();
    fails(&reference, &tls, "no secure connection to 127.0.0.1:");
    assert_eq!(registry.tags("hello"), None);
    fails(
        "127.0.0.1:1/hello:1",
        &component,
        "the registry 127.0.0.1:1 cannot be reached: Connection refused",
    );
}

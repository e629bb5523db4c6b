//! Prefilled caches: what one cache has, another takes from a folder, an archive or a server.

use ampoule_support::{copy, program, root, succeed, text};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// `ampoule` with a cache of its own.
fn ampoule(cache: &Path) -> Command {
    let mut command = Command::new(program());
    command.arg("--cache").arg(cache);
    command
}

/// Writes bindings, which is one action.
fn bindings(command: &mut Command, folder: &Path) -> Output {
    let output = command.args(["-d", "wit", "bindings", "made"]).current_dir(folder);
    let output = output.output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    output
}

/// Python's server of a folder's files, on the loopback.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(folder: &Path) -> Server {
        let mut process = Command::new("python3")
            .args(["-u", "-m", "http.server", "--bind", "127.0.0.1", "0"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = process.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        // Serving HTTP on 127.0.0.1 port 40000 (http://127.0.0.1:40000/) ...
        let url = line
            .split(['(', ')'])
            .nth(1)
            .unwrap_or_else(|| panic!("{line}"))
            .to_string();
        Server { process, url }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn what_a_cache_has_is_exported_and_imported() {
    let project = copy(&root().join("examples/hello"));
    let project = project.path();
    let (one, other, third) = (project.join("one"), project.join("other"), project.join("third"));
    let prefilled = project.join("prefilled");
    bindings(&mut ampoule(&one), project);
    succeed(ampoule(&one).args(["cache", "export", "--output"]).arg(&prefilled));

    let import = || succeed(ampoule(&other).args(["cache", "import"]).arg(&prefilled));
    assert_eq!(import(), "took over 1 entries\n");
    assert_eq!(import(), "took over 0 entries\n");

    bindings(ampoule(&third).arg("--cache-from").arg(&prefilled), project);

    let archive = |name: &str| {
        let archive = project.join(name);
        succeed(ampoule(&one).args(["cache", "export", "--output"]).arg(&archive));
        archive
    };
    let (archived, again) = (archive("one.tar"), archive("two.tar"));
    assert_eq!(std::fs::read(&archived).unwrap(), std::fs::read(again).unwrap());
    let (fourth, fifth, sixth) = (project.join("fourth"), project.join("fifth"), project.join("sixth"));
    succeed(ampoule(&fourth).args(["cache", "import"]).arg(&archived));
    bindings(ampoule(&fifth).arg("--cache-from").arg(&archived), project);

    let server = Server::start(&prefilled);
    let output = bindings(ampoule(&sixth).args(["--cache-from", &server.url]), project);
    assert!(!text(&output.stderr).contains("not taken"));
    for cache in [&other, &third, &fourth, &fifth, &sixth] {
        let digest = |root: &Path| ampoule_action::Digest::of_folder(&entry(root).join("outputs")).unwrap();
        assert_eq!(digest(cache), digest(&one));
    }
}

/// The only entry of a cache.
fn entry(cache: &Path) -> std::path::PathBuf {
    let entries = ampoule_action::read_folder(&cache.join("entries")).unwrap();
    let [entry] = &entries[..] else {
        panic!("there is not one: {entries:?}");
    };
    entry.clone()
}

#[test]
fn a_folder_without_a_prefilled_cache_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str]| {
        let output = ampoule(Path::new("cache"))
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        text(&output.stderr)
    };
    let expected = "error: nowhere has no prefilled cache: No such file or directory (os error 2); `ampoule cache export` writes one\n";
    assert_eq!(refused(&["cache", "import", "nowhere"]), expected);
    assert_eq!(refused(&["--cache-from", "nowhere", "toolchain"]), expected);
}

#[test]
fn a_server_that_fails_is_told_of_once_and_the_work_is_done_here() {
    let project = copy(&root().join("examples/hello"));
    let project = project.path();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = ampoule(&project.join("cache"));
    let output = bindings(command.args(["--cache-from", &format!("http://{closed}/")]), project);
    let printed = text(&output.stderr);
    assert_eq!(
        printed.matches("it is not taken from the prefilled cache").count(),
        1,
        "{printed}"
    );
    let refused = ampoule(&project.join("other"))
        .args(["cache", "import", "http://127.0.0.1/"])
        .output();
    assert!(text(&refused.unwrap().stderr).contains("--cache-from"));
}

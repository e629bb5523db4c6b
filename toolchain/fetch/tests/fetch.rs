//! Fetching from a server on this machine that behaves badly.

use ampoule_action::{Console, Digest};
use ampoule_fetch::{Error, Mirror, Options, Pins, archive, fetch};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the server does with a request.
#[derive(Clone, Copy)]
enum Answer {
    /// Gives the file, or the part that is asked for.
    Whole,
    /// Announces the whole and closes the connection after so many bytes.
    CutAfter(usize),
    /// Gives the whole whatever part is asked for.
    WithoutRanges,
    /// Answers with this status.
    Status(u16),
}

/// A server with one file. It gives its answers in order, then the last again and again, and notes the ranges asked for.
struct Server {
    url: String,
    ranges: Arc<Mutex<Vec<Option<usize>>>>,
}

impl Server {
    fn start(content: &[u8], answers: &[Answer]) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/file.tar.gz", listener.local_addr().unwrap());
        let ranges = Arc::new(Mutex::new(Vec::new()));
        let (content, answers, noted) = (content.to_vec(), answers.to_vec(), ranges.clone());
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().take(20).enumerate() {
                let stream = stream.unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
                let start = requested_start(&stream);
                noted.lock().unwrap().push(start);
                // The client may hang up first, which is no failure of the test.
                let _ = answer(stream, &content, start, answers[number.min(answers.len() - 1)]);
            }
        });
        Server { url, ranges }
    }

    fn ranges(&self) -> Vec<Option<usize>> {
        self.ranges.lock().unwrap().clone()
    }
}

fn requested_start(stream: &TcpStream) -> Option<usize> {
    let mut start = None;
    for line in BufReader::new(stream).lines() {
        let line = line.unwrap_or_default().to_lowercase();
        if let Some(range) = line.strip_prefix("range: bytes=") {
            start = range.trim_end_matches('-').parse().ok();
        }
        if line.is_empty() {
            break;
        }
    }
    start
}

fn answer(mut stream: TcpStream, content: &[u8], start: Option<usize>, answer: Answer) -> std::io::Result<()> {
    let size = content.len();
    let (status, body, sent) = match (answer, start) {
        (Answer::Status(status), _) => (format!("{status} Trouble"), &content[..0], 0),
        (Answer::WithoutRanges, _) | (Answer::Whole, None) => ("200 OK".to_string(), content, size),
        (Answer::CutAfter(count), None) => ("200 OK".to_string(), content, count),
        (Answer::Whole, Some(start)) => (partial(start, size), &content[start..], size - start),
        (Answer::CutAfter(count), Some(start)) => (partial(start, size), &content[start..], count),
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(&body[..sent])
}

fn partial(start: usize, size: usize) -> String {
    format!(
        "206 Partial Content\r\nContent-Range: bytes {start}-{}/{size}",
        size - 1
    )
}

/// A folder for the fetched files, and pins for one file from the given sources.
struct Case {
    folder: tempfile::TempDir,
    pins: Pins,
    options: Options,
}

impl Case {
    fn new(content: &[u8], sources: &[&str]) -> Case {
        let folder = tempfile::tempdir().unwrap();
        let digest = Digest::of_bytes(content);
        let sources: Vec<String> = sources.iter().map(|source| format!("{source:?}")).collect();
        let text = format!(
            r#"{{"pins": [{{"name": "thing", "group": "sdk", "version": "1.0", "license": "MIT", "purl": "pkg:generic/thing@1.0",
            "unpack": {{"format": "tar.gz", "strip": 1}}, "files": [{{"file": "thing-1.0.tar.gz", "digest": "{digest}",
            "size": {}, "limit": {{"bytes": 1, "entries": 1}}, "sources": [{}]}}]}}]}}"#,
            content.len(),
            sources.join(", ")
        );
        let path = folder.path().join("pins.json");
        std::fs::write(&path, text).unwrap();
        let options = Options {
            pauses: vec![Duration::from_millis(1); 3],
            ..Options::default()
        };
        let pins = Pins::open(&path).unwrap();
        Case { folder, pins, options }
    }

    fn fetch(&self) -> Result<BTreeMap<String, PathBuf>, Error> {
        let pins = [self.pins.pin("thing").unwrap()];
        fetch(&pins, &self.output(), &self.options, &Console::quiet())
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("files")
    }

    fn files(&self) -> Vec<String> {
        names_in(&self.output())
    }

    fn gives(&self, content: &[u8]) {
        let files = self.fetch().unwrap();
        assert_eq!(std::fs::read(&files["thing"]).unwrap(), content);
        assert_eq!(self.files(), ["thing-1.0.tar.gz"]);
    }

    fn fails_with(&self, parts: &[&str]) {
        let error = self.fetch().unwrap_err().to_string();
        for part in parts {
            assert!(error.contains(part), "{error}\nshould say: {part}");
        }
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn content() -> Vec<u8> {
    (0..200_000u32).map(|number| (number % 251) as u8).collect()
}

#[test]
fn a_file_is_fetched_once() {
    let content = content();
    let server = Server::start(&content, &[Answer::Whole]);
    let case = Case::new(&content, &[&server.url]);
    case.gives(&content);
    case.gives(&content);
    assert_eq!(server.ranges(), [None]);
}

#[test]
fn several_processes_fetch_into_one_folder() {
    let content = content();
    let server = Server::start(&content, &[Answer::Whole]);
    let case = Case::new(&content, &[&server.url]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| case.fetch().unwrap());
        }
    });
    case.gives(&content);
    assert_eq!(server.ranges(), [None]);
}

#[test]
fn a_damaged_file_is_fetched_again() {
    let content = content();
    let server = Server::start(&content, &[Answer::Whole]);
    let case = Case::new(&content, &[&server.url]);
    std::fs::create_dir(case.output()).unwrap();
    std::fs::write(case.output().join("thing-1.0.tar.gz"), "damaged").unwrap();
    case.gives(&content);
}

#[test]
fn a_connection_that_breaks_is_resumed_where_it_broke() {
    let content = content();
    let server = Server::start(
        &content,
        &[Answer::CutAfter(50_000), Answer::CutAfter(100_000), Answer::Whole],
    );
    Case::new(&content, &[&server.url]).gives(&content);
    assert_eq!(server.ranges(), [None, Some(50_000), Some(150_000)]);
}

#[test]
fn what_an_earlier_run_left_is_resumed() {
    let content = content();
    let server = Server::start(&content, &[Answer::Whole]);
    let case = Case::new(&content, &[&server.url]);
    std::fs::create_dir(case.output()).unwrap();
    std::fs::write(case.output().join("thing-1.0.tar.gz.partial"), &content[..70_000]).unwrap();
    case.gives(&content);
    assert_eq!(server.ranges(), [Some(70_000)]);
}

#[test]
fn what_was_left_of_another_file_is_thrown_away() {
    let content = content();
    for left in [vec![9; 70_000], vec![9; 200_000], vec![9; 300_000]] {
        let server = Server::start(&content, &[Answer::Whole]);
        let case = Case::new(&content, &[&server.url]);
        std::fs::create_dir(case.output()).unwrap();
        std::fs::write(case.output().join("thing-1.0.tar.gz.partial"), left).unwrap();
        case.gives(&content);
    }
}

#[test]
fn a_server_without_ranges_gives_the_whole_again() {
    let content = content();
    let server = Server::start(&content, &[Answer::CutAfter(50_000), Answer::WithoutRanges]);
    Case::new(&content, &[&server.url]).gives(&content);
}

#[test]
fn a_server_in_trouble_is_asked_again() {
    let content = content();
    let server = Server::start(&content, &[Answer::Status(503), Answer::Status(429), Answer::Whole]);
    Case::new(&content, &[&server.url]).gives(&content);
    assert_eq!(server.ranges().len(), 3);
}

#[test]
fn a_file_that_is_always_cut_is_an_error_that_says_where_and_stays_for_resuming() {
    let content = content();
    let server = Server::start(&content, &[Answer::CutAfter(1000)]);
    let case = Case::new(&content, &[&server.url]);
    case.fails_with(&["cannot fetch thing (thing-1.0.tar.gz)", "4000", "--mirror DIR"]);
    assert_eq!(case.files(), ["thing-1.0.tar.gz.partial"]);
}

#[test]
fn a_wrong_digest_shows_both_and_leaves_nothing() {
    let (right, mut wrong) = (content(), content());
    wrong[7] ^= 1;
    let server = Server::start(&wrong, &[Answer::Whole]);
    let case = Case::new(&right, &[&server.url]);
    let (right, wrong) = (
        Digest::of_bytes(&right).to_string(),
        Digest::of_bytes(&wrong).to_string(),
    );
    case.fails_with(&["it has the digest", &right, &wrong, &server.url]);
    assert!(case.files().is_empty());
    assert_eq!(server.ranges().len(), 1);
}

#[test]
fn a_file_that_is_longer_than_its_pin_is_refused() {
    let (right, mut long) = (content(), content());
    long.extend([0; 1000]);
    let server = Server::start(&long, &[Answer::Whole]);
    let case = Case::new(&right, &[&server.url]);
    case.fails_with(&["it is longer than the 200000 bytes of its pin"]);
    assert!(case.files().is_empty());
}

#[test]
fn the_next_source_is_asked_when_one_fails() {
    let content = content();
    let (missing, server) = (
        Server::start(&content, &[Answer::Status(404)]),
        Server::start(&content, &[Answer::Whole]),
    );
    Case::new(&content, &[&missing.url, &server.url]).gives(&content);
    assert_eq!((missing.ranges().len(), server.ranges().len()), (1, 1));
}

#[test]
fn the_error_lists_what_each_source_said() {
    let content = content();
    let (missing, forbidden) = (
        Server::start(&content, &[Answer::Status(404)]),
        Server::start(&content, &[Answer::Status(403)]),
    );
    let case = Case::new(&content, &[&missing.url, &forbidden.url]);
    case.fails_with(&[&missing.url, "404", &forbidden.url, "403"]);
    assert!(case.files().is_empty());
}

#[test]
fn a_mirror_serves_by_name_and_by_digest() {
    let content = content();
    for name in ["thing-1.0.tar.gz".to_string(), Digest::of_bytes(&content).hexadecimal()] {
        let mut case = Case::new(&content, &["https://unused.invalid/thing"]);
        let mirror = case.folder.path().join("mirror");
        std::fs::create_dir(&mirror).unwrap();
        std::fs::write(mirror.join(name), &content).unwrap();
        case.options.mirrors = vec![Mirror::Folder(mirror)];
        case.options.offline = true;
        case.gives(&content);
    }
}

#[test]
fn a_wrong_file_in_a_mirror_is_named() {
    let content = content();
    let mut case = Case::new(&content, &["https://unused.invalid/thing"]);
    std::fs::write(case.folder.path().join("thing-1.0.tar.gz"), "other").unwrap();
    case.options.mirrors = vec![Mirror::Folder(case.folder.path().to_path_buf())];
    case.options.offline = true;
    case.fails_with(&[
        "--mirror",
        "thing-1.0.tar.gz has the digest",
        &Digest::of_bytes(b"other").to_string(),
    ]);
    assert!(case.files().is_empty());
}

#[test]
fn offline_lists_what_is_missing_and_writes_nothing() {
    let content = content();
    let mut case = Case::new(&content, &["https://unused.invalid/thing", "crate:thing@1.0.0"]);
    case.options.offline = true;
    let digest = Digest::of_bytes(&content).to_string();
    case.fails_with(&[
        "1 of the pinned files is not in",
        "thing: thing-1.0.tar.gz, 200000 bytes",
        &digest,
        "from https://unused.invalid/thing",
        "or crate:thing@1.0.0",
        "run `ampoule fetch` with a network",
    ]);
    assert!(!case.output().exists());
}

#[test]
fn a_mirror_may_be_an_archive_which_is_the_same_whenever_it_is_made() {
    let content = content();
    let mut case = Case::new(&content, &["https://unused.invalid/thing"]);
    let folder = case.folder.path().join("brought");
    std::fs::create_dir(&folder).unwrap();
    let (thing, other) = (folder.join("thing-1.0.tar.gz"), folder.join("other"));
    std::fs::write(&thing, &content).unwrap();
    std::fs::write(&other, "other").unwrap();
    let (one, two) = (folder.join("one.tar"), folder.join("two.tar"));
    let files = [("thing-1.0.tar.gz", &thing), ("below/other", &other)];
    let files = BTreeMap::from(files.map(|(name, path)| (name.to_string(), path.clone())));
    archive(&files, &one).unwrap();
    std::thread::sleep(Duration::from_millis(10));
    std::fs::write(&thing, &content).unwrap();
    archive(&files, &two).unwrap();
    assert_eq!(std::fs::read(&one).unwrap(), std::fs::read(&two).unwrap());

    let mirror = Mirror::open(&one).unwrap();
    assert_eq!(mirror.names(), ["other", "thing-1.0.tar.gz"]);
    assert_eq!(mirror.digest("other").unwrap(), Digest::of_bytes(b"other"));
    case.options.mirrors = vec![mirror];
    case.options.offline = true;
    case.gives(&content);
}

#[test]
fn a_mirror_that_is_no_archive_is_an_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), vec![b'x'; 2000]).unwrap();
    let error = Mirror::open(file.path()).unwrap_err().to_string();
    assert!(
        error.contains("cannot read") && error.contains("it is no tar archive"),
        "{error}"
    );
}

#[test]
fn a_snapshot_is_asked_for_in_an_archive_of_snapshots() {
    let content = content();
    let server = Server::start(&content, &[Answer::Whole]);
    let mut case = Case::new(&content, &["debian:20261129T000000Z/pool/thing.tar.gz"]);
    let root = server.url.replace("file.tar.gz", "");
    case.options.debian_mirrors = vec![
        "http://127.0.0.1:9/".to_string(),
        format!("{root}archive/@SNAPSHOTID@/"),
    ];
    case.gives(&content);
}

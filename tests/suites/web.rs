//! Frameworks of the web, unmodified: each folder of `tests/suites/web/` is a project with an application and with `requests.txt`,
//! requests and what answers them under `ampoule serve`.

use ampoule_support::server::Server;
use ampoule_support::{ampoule, copy, root, succeed};
use ampoule_tests::golden::cases;
use libtest_mimic::{Failed, Trial};
use std::path::Path;
use std::process::Stdio;

/// Those that take minutes to compile, or half of one to serve.
const LONG: [&str; 2] = ["django", "fastapi"];

/// A test for each folder.
pub fn trials() -> Vec<Trial> {
    let folder = root().join("tests/suites/web");
    let trial = |case: std::path::PathBuf| {
        let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Trial::test(format!("web::{name}"), move || check(&case)).with_ignored_flag(LONG.contains(&name.as_str()))
    };
    cases(&folder).into_iter().map(trial).collect()
}

fn check(case: &Path) -> Result<(), Failed> {
    let scratch = copy(case);
    let printed = succeed(ampoule(scratch.path()).arg("build"));
    let server = Server::start(&scratch.path().join(printed.trim_end()), Stdio::null());
    let requests = std::fs::read_to_string(case.join("requests.txt"))?;
    let lines: Vec<&str> = requests.lines().filter(|line| !line.is_empty()).collect();
    for pair in lines.chunks(2) {
        let answer = answer(&server, pair[0])?;
        let wanted = pair[1].strip_prefix("= ").ok_or("an answer begins with `= `")?;
        if !answer.starts_with(wanted) {
            return Err(format!("{}\n= {answer}", pair[0]).into());
        }
    }
    Ok(())
}

/// Status, location if there is one, and body of the answer to `METHOD PATH [TYPE BODY]`.
fn answer(server: &Server, request: &str) -> Result<String, Failed> {
    let mut words = request.splitn(4, ' ');
    let mut next = || words.next().unwrap_or_default();
    let (method, path, kind, body) = (next(), next(), next(), next());
    let configuration = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0);
    let agent: ureq::Agent = configuration.build().into();
    let mut builder = ureq::http::Request::builder().method(method).uri(server.url(path));
    if !kind.is_empty() {
        builder = builder.header("content-type", kind);
    }
    let mut response = agent.run(builder.body(body.replace("\\r\\n", "\r\n"))?)?;
    let location = response.headers().get("location");
    let location = location.map(|value| format!("{} ", String::from_utf8_lossy(value.as_bytes())));
    Ok(format!(
        "{} {}{}",
        response.status().as_u16(),
        location.unwrap_or_default(),
        response.body_mut().read_to_string()?.replace('\n', " ")
    ))
}

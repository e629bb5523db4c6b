//! A file of HTTP requests with the answers that a component must give:
//!
//! ```text
//! POST /total
//! content-type: application/json
//! > ["tea", "cake"]
//! = 200 {"total": 670}
//! ```
//!
//! Lines of the body begin with `> `. What follows the status is the body of the answer; without it, any will do.

use super::error::Error;
use super::serve::{Serve, Server};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderName, HeaderValue};
use hyper::{Method, Request, StatusCode, Uri};
use std::path::Path;
use std::sync::Arc;
use wasmtime_wasi_http::io::TokioIo;

/// How many bytes are on their way between the client and the server.
const BUFFER: usize = 1 << 16;

/// The host that requests name.
const LOCALHOST: HeaderValue = HeaderValue::from_static("localhost");

/// A request, and its answer.
struct Case {
    line: String,
    request: Request<Full<Bytes>>,
    status: StatusCode,
    body: Option<String>,
}

/// Sends the requests in a file to a component, each on a connection of its own, and compares the answers; no port is opened.
///
/// # Errors
/// When the file has no requests, the component answers none, or an answer is another one.
pub fn requests(serve: &Serve, file: &Path, cache: Option<&Path>) -> Result<(), Error> {
    let cases = read(file)?;
    let server = Arc::new(Server::new(serve, cache)?);
    let runtime = tokio::runtime::Runtime::new().map_err(Error::Runtime)?;
    for case in cases {
        runtime.block_on(case.compare(server.clone()))?;
    }
    Ok(())
}

fn read(file: &Path) -> Result<Vec<Case>, Error> {
    let text = ampoule_action::read_text(file)?;
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect();
    let refused = |line: &str, reason: &str| Error::NotRequest {
        path: file.to_path_buf(),
        line: line.to_string(),
        reason: reason.to_string(),
    };
    let mut cases = Vec::new();
    for lines in lines.split_inclusive(|line| line.starts_with("= ")) {
        let parsed = Case::parse(lines);
        cases.push(parsed.map_err(|(line, reason)| refused(&line, &reason))?);
    }
    match cases.is_empty() {
        true => Err(refused("", "there are no requests")),
        false => Ok(cases),
    }
}

/// A line, and what is wrong with it.
type Refusal = (String, String);

impl Case {
    fn parse(lines: &[&str]) -> Result<Case, Refusal> {
        let [first, given @ .., expected] = lines else {
            let reason = "it is not followed by a line with `= `, the status and the body of the answer";
            return Err((lines.concat(), reason.to_string()));
        };
        let (method, uri) = parse_first(first).ok_or_else(|| {
            let reason = "expected a method and a path, such as `GET /prices?of=tea`";
            (first.to_string(), reason.to_string())
        })?;
        let (status, body) = parse_expected(expected).ok_or_else(|| {
            let reason = "expected `= ` and the status, then the body if it matters, such as `= 200 {\"total\": 670}`";
            (expected.to_string(), reason.to_string())
        })?;
        let (body_lines, headers): (Vec<&str>, Vec<&str>) = given.iter().partition(|line| line.starts_with('>'));
        let sent: Vec<&str> = body_lines.iter().map(|line| line[1..].trim_start()).collect();
        let mut request = Request::new(Full::new(Bytes::from(sent.join("\n"))));
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        request.headers_mut().insert(HOST, LOCALHOST);
        for line in headers {
            let (name, value) = parse_header(line).ok_or_else(|| {
                let reason = "expected a header, such as `content-type: text/plain`, or `> ` and a line of the body";
                (line.to_string(), reason.to_string())
            })?;
            request.headers_mut().append(name, value);
        }
        Ok(Case {
            line: first.to_string(),
            request,
            status,
            body,
        })
    }

    async fn compare(self, server: Arc<Server>) -> Result<(), Error> {
        let failed = |error: hyper::Error| Error::NoAnswer {
            request: self.line.clone(),
            reason: error.to_string(),
        };
        let (client, other) = tokio::io::duplex(BUFFER);
        tokio::spawn(super::serve::converse(other, server));
        let (mut sender, connection) = http1::handshake(TokioIo::new(client)).await.map_err(failed)?;
        tokio::spawn(connection);
        let response = sender.send_request(self.request).await.map_err(failed)?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(failed)?.to_bytes();
        let body = String::from_utf8_lossy(&body).trim_end().to_string();
        let is_right = status == self.status && self.body.as_ref().is_none_or(|expected| *expected == body);
        let shown = |status: StatusCode, body: &str| format!("{} {body}", status.as_u16()).trim_end().to_string();
        match is_right {
            true => Ok(()),
            false => Err(Error::OtherAnswer {
                request: self.line,
                expected: shown(self.status, self.body.as_deref().unwrap_or_default()),
                found: shown(status, &body),
            }),
        }
    }
}

fn parse_first(line: &str) -> Option<(Method, Uri)> {
    let (method, path) = line.split_once(' ')?;
    let is_method = method.chars().all(|letter| letter.is_ascii_uppercase());
    let path = path
        .trim()
        .parse::<Uri>()
        .ok()
        .filter(|_| path.trim().starts_with('/'))?;
    is_method.then_some((method.parse().ok()?, path))
}

fn parse_header(line: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_once(':')?;
    Some((name.trim().parse().ok()?, value.trim().parse().ok()?))
}

fn parse_expected(line: &str) -> Option<(StatusCode, Option<String>)> {
    let rest = line.strip_prefix("= ")?.trim();
    let (status, body) = match rest.split_once(' ') {
        Some((status, body)) => (status, Some(body.trim().to_string())),
        None => (rest, None),
    };
    Some((status.parse().ok()?, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(lines: &[&str]) -> String {
        Case::parse(lines).err().expect("it is refused").1
    }

    #[test]
    fn a_case_has_request_headers_body_and_answer() {
        let lines = [
            "POST /total?of=it",
            "content-type: text/plain",
            "> a",
            "> b",
            "= 200 right here",
        ];
        let case = Case::parse(&lines).unwrap();
        assert_eq!(case.request.method(), Method::POST);
        assert_eq!(case.request.uri(), "/total?of=it");
        assert_eq!(case.request.headers()["content-type"], "text/plain");
        assert_eq!(case.status, StatusCode::OK);
        assert_eq!(case.body.as_deref(), Some("right here"));
        assert!(Case::parse(&["GET /", "= 404"]).unwrap().body.is_none());
    }

    #[test]
    fn what_is_no_case_is_refused_with_what_is_expected() {
        assert!(refusal(&["GET /"]).contains("is not followed by"));
        assert!(refusal(&["fetch it", "= 200"]).contains("a method and a path"));
        assert!(refusal(&["GET /", "= fine"]).contains("the status"));
        assert!(refusal(&["GET /", "a line", "= 200"]).contains("a header"));
    }
}

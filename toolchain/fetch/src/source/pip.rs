//! `pypi:`: a file of a project on the index that pip is set up with.

use super::client::run;
use super::{Place, SourceError};
use crate::http::{Client, Page};
use ampoule_action::Digest;
use ampoule_wheels::normalised;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::process::Command;
use std::sync::LazyLock;
use url::Url;

/// The commands under which pip may be there.
const COMMANDS: [&[&str]; 4] = [&["python3", "-m", "pip"], &["pip3"], &["pip"], &["python", "-m", "pip"]];

/// The media types of an index page, the JSON form first (PyPA, "Simple repository API").
const ACCEPT: &str = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

/// The file's URL as pip's index lists it.
pub(super) fn from_index(client: &Client, project: &str, file: &str) -> Result<Place, SourceError> {
    let (page_url, page) = page_of(client, project)?;
    let base = Url::parse(&page_url).map_err(|error| SourceError::lasting(format!("{page_url}: {error}")))?;
    let missing = || SourceError::lasting(format!("pip's index does not list {file} of {project}"));
    let found = files(&page).into_iter().find(|entry| entry.filename == file);
    let url = base.join(&found.ok_or_else(missing)?.url);
    url.map(|url| Place::Url(url.into()))
        .map_err(|error| SourceError::lasting(format!("{page_url} has a broken link to {file}: {error}")))
}

/// The names of a project's files on pip's index, with the digests that the index gives.
pub(super) fn listed(client: &Client, project: &str) -> Result<Vec<(String, Option<Digest>)>, SourceError> {
    let (_, page) = page_of(client, project)?;
    let named = |file: IndexFile| {
        let digest = file
            .hashes
            .get("sha256")
            .and_then(|digits| Digest::from_hexadecimal(digits));
        (file.filename, digest)
    };
    Ok(files(&page).into_iter().map(named).collect())
}

/// A project's page on pip's index, with its URL.
fn page_of(client: &Client, project: &str) -> Result<(String, Page), SourceError> {
    let index = INDEX.as_ref().map_err(SourceError::clone)?;
    let page_url = format!("{}/{}/", index.trim_end_matches('/'), normalised(project));
    let page = client.page(&page_url, ACCEPT)?;
    Ok((page_url, page))
}

/// The index that pip is set up with: asked for once, since pip takes its time to start.
static INDEX: LazyLock<Result<String, SourceError>> = LazyLock::new(|| {
    if uses_no_index(&pip(&["config", "list"])?) {
        return Err(SourceError::lasting("pip is set up to use no index"));
    }
    index_url(&pip(&["download", "--help"])?)
});

/// The file as pip itself downloads it, which also knows pip's credentials and find-links. It refuses any other digest.
pub(super) fn from_client(project: &str, version: &str, file: &str, digest: &Digest) -> Result<Place, SourceError> {
    let folder = super::temporary()?;
    let requirements = folder.path().join("requirements.txt");
    let requirement = format!("{project}=={version} --hash=sha256:{}\n", digest.hexadecimal());
    std::fs::write(&requirements, requirement)
        .map_err(|error| SourceError::lasting(format!("cannot write {}: {error}", requirements.display())))?;
    let mut arguments = vec!["download", "--quiet", "--no-deps", "--require-hashes"];
    let tags = WheelTags::of(file);
    match &tags {
        Some(tags) => arguments.extend(tags.arguments()),
        None => arguments.extend(["--no-binary", ":all:"]),
    }
    let (requirements, destination) = (requirements.to_string_lossy(), folder.path().to_string_lossy());
    arguments.extend(["--dest", &destination, "--requirement", &requirements]);
    pip(&arguments)?;
    Ok(Place::Downloaded(folder.path().join(file), folder))
}

fn pip(arguments: &[&str]) -> Result<String, SourceError> {
    let mut failures = Vec::new();
    for command in COMMANDS {
        let output = run(Command::new(command[0])
            .args(&command[1..])
            .args(arguments)
            // Wide enough that no word of the help is broken.
            .env("COLUMNS", "4000"));
        match output {
            Ok(output) => return Ok(output),
            Err(error) => failures.push(error.message),
        }
    }
    Err(SourceError::lasting(failures.remove(0)))
}

/// The index that pip's help gives as the value in force when no option is given: that of its configuration and environment.
fn index_url(help: &str) -> Result<String, SourceError> {
    let (_, after) = help.split_once("--index-url").unwrap_or_default();
    let found = after.split_once("(default ").and_then(|(_, rest)| rest.split_once(')'));
    let url = found.map(|(url, _)| url.trim()).unwrap_or_default();
    if url.contains("****") {
        return Err(SourceError::lasting(
            "pip's index wants a password, which pip alone knows",
        ));
    }
    if !url.starts_with("http") {
        return Err(SourceError::lasting("pip does not say which index it uses"));
    }
    Ok(url.to_string())
}

/// Whether pip's configuration or environment has the option `no-index`, in lines such as `global.no-index='true'`.
fn uses_no_index(configuration: &str) -> bool {
    let is_set = |line: &str| {
        let (key, value) = line.split_once('=')?;
        let value = value.trim_matches('\'').to_lowercase();
        Some(key.ends_with(".no-index") && !matches!(value.as_str(), "" | "0" | "false" | "no" | "off"))
    };
    configuration.lines().any(|line| is_set(line).unwrap_or(false))
}

#[derive(Deserialize)]
struct IndexPage {
    files: Vec<IndexFile>,
}

/// A file that an index lists.
#[derive(Deserialize)]
struct IndexFile {
    filename: String,
    url: String,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
}

/// The files of a page; none if it is of neither form.
fn files(page: &Page) -> Vec<IndexFile> {
    if page.is_json {
        let page: Option<IndexPage> = serde_json::from_str(&page.text).ok();
        page.map(|page| page.files).unwrap_or_default()
    } else {
        links(&page.text).map(|link| file_at(&link)).collect()
    }
}

/// The links of an HTML page; index pages hold nothing but those to files.
fn links(page: &str) -> impl Iterator<Item = String> {
    page.split("href=").skip(1).filter_map(|rest| {
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        Some(rest[1..].split_once(quote)?.0.replace("&amp;", "&"))
    })
}

/// The file that a link leads to: its name is the last part, its hash stands after `#`.
fn file_at(link: &str) -> IndexFile {
    let path = link.split(['#', '?']).next().unwrap_or_default();
    let fragment = link.split_once('#').map(|(_, fragment)| fragment).unwrap_or_default();
    let hash = fragment
        .split_once('=')
        .map(|(name, value)| (name.to_string(), value.to_string()));
    IndexFile {
        filename: path.rsplit('/').next().unwrap_or_default().replace("%2B", "+"),
        url: link.to_string(),
        hashes: hash.into_iter().collect(),
    }
}

/// The tags at the end of a wheel's name (PyPA, "Binary distribution format"), each of which may be several with dots between.
struct WheelTags<'a> {
    python: &'a str,
    abi: &'a str,
    platforms: Vec<&'a str>,
}

impl WheelTags<'_> {
    fn of(file: &str) -> Option<WheelTags<'_>> {
        let mut parts = file.strip_suffix(".whl")?.rsplitn(4, '-');
        let (platform, abi, python) = (parts.next()?, parts.next()?, parts.next()?);
        Some(WheelTags {
            python: python.split('.').next()?,
            abi: abi.split('.').next()?,
            platforms: platform.split('.').collect(),
        })
    }

    /// The options that make pip take the wheel whatever machine it runs on.
    fn arguments(&self) -> Vec<&str> {
        let digits = self
            .python
            .trim_start_matches(|character: char| character.is_ascii_alphabetic());
        let implementation = &self.python[..self.python.len() - digits.len()];
        let mut arguments = vec!["--only-binary", ":all:", "--implementation", implementation];
        arguments.extend(["--abi", self.abi]);
        // `py3` alone says nothing of the minor version, which is then that of the Python that runs pip.
        if digits.len() > 1 {
            arguments.extend(["--python-version", digits]);
        }
        for platform in &self.platforms {
            arguments.extend(["--platform", platform]);
        }
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_in_force_stands_in_pips_help() {
        let help =
            "  -i, --index-url <url>       Base URL of the index (default https://index.example/simple). This should\n";
        assert_eq!(index_url(help).unwrap(), "https://index.example/simple");
        let secret = "  --index-url <url>  Base URL (default https://user:****@index.example/simple).";
        assert!(index_url(secret).unwrap_err().message.contains("password"));
        assert!(index_url("nothing").unwrap_err().message.contains("does not say"));
    }

    #[test]
    fn an_index_that_is_switched_off_is_not_used() {
        assert!(uses_no_index("global.cert='x'\n:env:.no-index='1'\n"));
        assert!(uses_no_index("global.no-index='true'\n"));
        assert!(!uses_no_index(
            "global.no-index='false'\nglobal.index-url='https://index.example/no-index=1'\n"
        ));
    }

    fn read(text: &str, is_json: bool) -> Vec<IndexFile> {
        let text = text.to_string();
        files(&Page { text, is_json })
    }

    #[test]
    fn both_forms_of_an_index_page_are_read() {
        let json = r#"{"meta": {"api-version": "1.1"}, "files": [{"filename": "a-1.tar.gz", "url": "../../a-1.tar.gz", "hashes": {"sha256": "00"}}]}"#;
        let found = read(json, true);
        assert_eq!(
            (found[0].url.as_str(), found[0].hashes["sha256"].as_str()),
            ("../../a-1.tar.gz", "00")
        );
        let html = r#"<a href="/b/a-1.zip">a</a> <A HREF='x'> <a data-x="1" href='https://f.example/a-1%2B2.tar.gz?x=1&amp;y=2#sha256=00'>a</a>"#;
        let found = read(html, false);
        let names: Vec<&str> = found.iter().map(|file| file.filename.as_str()).collect();
        assert_eq!(names, ["a-1.zip", "a-1+2.tar.gz"]);
        assert_eq!(found[1].url, "https://f.example/a-1%2B2.tar.gz?x=1&y=2#sha256=00");
        assert_eq!(found[1].hashes["sha256"], "00");
        assert!(read("no page", true).is_empty());
    }

    #[test]
    fn a_wheel_is_asked_for_by_its_tags() {
        let tags = WheelTags::of("ziglang-0.1-py3-none-manylinux_2_12_x86_64.musllinux_1_1_x86_64.whl").unwrap();
        let expected = "--only-binary :all: --implementation py --abi none \
                        --platform manylinux_2_12_x86_64 --platform musllinux_1_1_x86_64";
        assert_eq!(tags.arguments().join(" "), expected);
        let tags = WheelTags::of("thing-0.1-1-cp313-cp313-any.whl").unwrap();
        let expected = "--only-binary :all: --implementation cp --abi cp313 --python-version 313 --platform any";
        assert_eq!(tags.arguments().join(" "), expected);
        assert!(WheelTags::of("markupsafe-3.0.4.tar.gz").is_none());
    }
}

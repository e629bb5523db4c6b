//! The page of `ampoule report` in headless Chromium: its treemap is drawn, and a click goes into a part.

use crate::hosts::chromium;
use ampoule_support::{ampoule, copy, root, scratch, succeed};
use serde_json::Value;
use std::process::Command;

/// What the page is asked, when all of its own has run. It leaves the answers alone on it.
const QUESTIONS: &str = r##"<script>
const parts = () => [...document.querySelectorAll("#treemap > g")].map((part) => part.getAttribute("aria-label").split(",")[0]);
const way = () => [...document.querySelectorAll("#way button")].map((button) => button.textContent);
const click = (target) => target.dispatchEvent(new MouseEvent("click", { bubbles: true }));
const areas = [...document.querySelectorAll("#treemap > g > rect")].map((box) => box.getAttribute("width") * box.getAttribute("height"));
const map = document.getElementById("treemap").getBoundingClientRect();
const answers = { parts: parts(), covered: areas.reduce((sum, area) => sum + area, 0) / (map.width * map.height), before: way() };
click(document.querySelector("#treemap > g[aria-label^='Interpreter']"));
Object.assign(answers, { inside: parts(), after: way(), about: document.getElementById("about").textContent });
click(document.querySelector("#way button"));
Object.assign(answers, { back: parts() });
click([...document.querySelectorAll("#chain g")].find((node) => node.textContent.startsWith("link")));
Object.assign(answers, { action: document.getElementById("action").textContent });
document.body.textContent = JSON.stringify(answers).replaceAll("<", " ");
</script></body>"##;

#[test]
fn a_click_goes_into_a_part() {
    let folder = copy(&root().join("examples/hello"));
    succeed(ampoule(folder.path()).arg("report"));
    let page = std::fs::read_to_string(folder.path().join("hello.report.html")).expect("the page is there");
    let asked = scratch().join("report.html");
    std::fs::write(&asked, page.replace("</body>", QUESTIONS)).expect("the folder is ours");
    let mut browser = Command::new("timeout");
    browser.args([
        "--kill-after=10",
        "300",
        chromium(),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
    ]);
    browser.args([
        "--disable-dev-shm-usage",
        "--window-size=1280,900",
        "--virtual-time-budget=5000",
        "--dump-dom",
    ]);
    let printed = succeed(browser.arg(&asked));
    let (_, answers) = printed.split_once("<body>").expect("it prints the page");
    let answers = answers.split("</body>").next().unwrap_or_default();
    let answers: Value = serde_json::from_str(answers).unwrap_or_else(|error| panic!("{error}: {answers}"));
    let has = |key: &str, name: &str| {
        answers[key]
            .as_array()
            .is_some_and(|names| names.iter().any(|own| own == name))
    };
    for part in ["Interpreter", "Standard library", "Heap", "World", "App"] {
        assert!(has("parts", part), "{part}: {answers}");
    }
    assert!(
        answers["covered"].as_f64().is_some_and(|covered| covered > 0.99),
        "{answers}"
    );
    assert_eq!(answers["before"], serde_json::json!(["hello.wasm"]));
    assert_eq!(answers["after"], serde_json::json!(["hello.wasm", "Interpreter"]));
    assert!(has("inside", "code") && has("inside", "constants"), "{answers}");
    assert_eq!(answers["back"], answers["parts"]);
    let says = |key: &str, word: &str| answers[key].as_str().is_some_and(|text| text.contains(word));
    assert!(says("about", "interpreter ↓") && says("about", "sha256-"), "{answers}");
    assert!(says("action", "module:world") && says("action", "sha256-"), "{answers}");
}

//! `ampoule new` writes projects that work: their tests pass, natively and of the component.

use ampoule_support::{ampoule, scratch, succeed};
use ampoule_tests::python_with;

/// The templates, with what their component says to what their page shows; none where it serves.
const TEMPLATES: [(&str, &[&str], &str); 7] = [
    ("library", &["shop.wasm", "total([\"tea\"])"], "some(250)\n"),
    (
        "cli",
        &["words.wasm", "--", "tea", "cake", "tea"],
        "     2 tea\n     1 cake\n",
    ),
    ("http", &[], ""),
    ("wsgi", &[], ""),
    ("asgi", &[], ""),
    (
        "extension",
        &["distance.wasm", "between(\"kitten\", \"sitting\")"],
        "3\n",
    ),
    (
        "composition",
        &[
            "shop.wasm",
            "--with",
            "prices/prices.wasm",
            "total([\"tea\", \"cake\"])",
        ],
        "ok(670)\n",
    ),
];

#[test]
fn each_template_works() {
    let packages = ["pytest==9.2.0", "bottle==0.13.4", "starlette==1.10.0"];
    let python = python_with(&scratch(), &packages).join("python");
    for (template, arguments, said) in TEMPLATES {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let project = folder.path().join("project");
        let printed = succeed(ampoule(folder.path()).args(["new", "--template", template, "project"]));
        assert!(printed.contains("ampoule build project\n"), "{printed}");
        let mut test = ampoule(&project);
        test.arg("test").arg("--python").arg(&python);
        if template == "composition" {
            succeed(ampoule(&project).args(["test", "prices"]));
            test.args(["--with", "prices/prices.wasm"]);
        }
        let printed = succeed(&mut test);
        let has_python = !matches!(template, "extension" | "composition");
        assert_eq!(has_python, printed.contains(" passed in "), "{template}: {printed}");
        if !arguments.is_empty() {
            let printed = succeed(ampoule(&project).arg("run").args(arguments));
            assert_eq!(printed, said, "{template}");
        }
        let workflow = project.join(".github/workflows/build.yml");
        assert!(workflow.is_file(), "{template}");
    }
}

#[test]
fn another_answer_fails() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    succeed(ampoule(folder.path()).args(["new", "--template", "http", "project"]));
    let project = folder.path().join("project");
    std::fs::remove_file(project.join("tests/test_greeting.py")).unwrap();
    let expected = "GET /nowhere\n= 404\n\nGET /?name=Ada\n= 200 Hello\n";
    std::fs::write(project.join("tests/requests.txt"), expected).unwrap();
    let output = ampoule(&project).arg("test").output().expect("it can be started");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    let answer = "`GET /?name=Ada` gives `200 {\"greeting\": \"Hello, Ada!\"}`, not `200 Hello`";
    assert!(said.contains(answer), "{said}");
}

#[test]
fn a_failing_test_fails() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    succeed(ampoule(folder.path()).args(["new", "project"]));
    let project = folder.path().join("project");
    std::fs::remove_file(project.join("tests/test_app.py")).unwrap();
    std::fs::write(project.join("tests/calls.txt"), "total([\"tea\"])\n= some(1)\n").unwrap();
    let output = ampoule(&project).arg("test").output().expect("it can be started");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("some(250)"), "{said}");
}

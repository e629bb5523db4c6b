//! What the documentation and the example of a workspace say.

use super::scratch::Scratch;
use ampoule_support::component::App;
use ampoule_support::root;

/// A workspace of its own: libraries, data, a test of the app without a component, one of the component's exports; and that with a
/// wrong expectation.
#[test]
fn another_workspace_depends_on_the_module() {
    let scratch = Scratch::new("consumer");
    let printed = scratch.refused(
        "cd examples/bazel
        bazel test --disk_cache=/scratch/disk //... || exit 0
        cp bazel-bin/app/sealed.wasm bazel-bin/app/sealed.image/lib/python3.*/fractions.pyc /scratch/
        sed -i 's/2 euros and 50 cents/3 euros/' app/BUILD.bazel
        bazel test --disk_cache=/scratch/disk //...",
    );
    let complaint = r#"`offer("tea")` gives ok("tea: 2 euros and 50 cents"), and ok("tea: 3 euros") is expected"#;
    assert!(printed.contains(complaint), "{printed}");
    let result = printed.lines().find(|line| line.starts_with("//app:native_test "));
    assert!(result.is_some_and(|line| line.contains(" PASSED ")), "{printed}");
    assert_eq!(App::load(&scratch.path("sealed.wasm")).imports(), Vec::<String>::new());
    assert!(scratch.path("fractions.pyc").is_file());
}

/// The commands of docs/bazel.md, in a folder with the files that it shows, beside a checkout.
#[test]
fn the_documented_commands_work() {
    let scratch = Scratch::new("documentation");
    let text = std::fs::read_to_string(root().join("docs/bazel.md")).expect("the documentation can be read");
    let document = Document::parse(&text);
    let project = scratch.path("greeter");
    std::fs::create_dir_all(&project).expect("a folder can be made");
    for (name, content) in &document.files {
        std::fs::write(project.join(name), content).expect("a file can be written");
    }
    let printed = scratch.bazel(&format!(
        "# What the documentation builds with cargo is there already.
        cargo() {{ [ \"$*\" = 'build --release --workspace --manifest-path ../ampoule/Cargo.toml' ]; }}
        mkdir -p /scratch/ampoule/target && ln -s /tools/bin /scratch/ampoule/target/release
        echo 'build --disk_cache=/scratch/disk' >/scratch/greeter/.bazelrc
        cd /scratch/greeter
        {}",
        document.commands.join("\n")
    ));
    assert!(printed.contains("\"Hello, Ada!\""), "{printed}");
    assert!(printed.contains("Mnemonic: AmpouleLink"), "{printed}");
}

/// The files and commands that a page shows.
#[derive(Default)]
struct Document {
    files: Vec<(String, String)>,
    commands: Vec<String>,
}

impl Document {
    /// A block after a line with nothing but a file's name in backquotes is that file; a block of `sh` is commands.
    fn parse(text: &str) -> Document {
        let mut document = Document::default();
        let mut lines = text.lines();
        let mut file = None;
        while let Some(line) = lines.next() {
            if let Some(language) = line.strip_prefix("```") {
                let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                match file.take() {
                    Some(name) => document.files.push((name, block.join("\n") + "\n")),
                    None if language == "sh" => document.commands.extend(block.iter().map(ToString::to_string)),
                    None => {}
                }
            } else if !line.is_empty() {
                let name = line.strip_prefix('`').and_then(|rest| rest.strip_suffix("`:"));
                file = name.map(str::to_string);
            }
        }
        document
    }
}

/// docs/bazel-rules.md names every attribute and every field of a provider.
#[test]
fn the_reference_is_complete() {
    let page = std::fs::read_to_string(root().join("docs/bazel-rules.md")).expect("the page can be read");
    let public = ["component.bzl", "extension.bzl", "wit.bzl", "../providers.bzl"];
    let mut names = Vec::new();
    for file in public {
        let source = std::fs::read_to_string(root().join("bazel/private").join(file)).expect("the rules can be read");
        for line in source.lines() {
            let entry = line.trim().strip_prefix('"').and_then(|rest| rest.split_once("\": "));
            if let Some((name, value)) = entry
                && (value.starts_with("attr.") || file.ends_with("providers.bzl"))
            {
                names.push(name.to_string());
            }
        }
    }
    names.extend(ampoule::reference::attributes());
    assert!(names.len() > 30, "{names:?}");
    names.retain(|name| !page.contains(&format!("| `{name}` |")));
    assert_eq!(names, Vec::<String>::new());
}

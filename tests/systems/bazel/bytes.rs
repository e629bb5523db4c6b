//! The bytes are the driver's.

use super::driver::{EXAMPLES, outputs_of_driver};
use super::scratch::Scratch;
use ampoule_action::Digest;
use ampoule_support::{ampoule, succeed};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Serves the web application and asks it for its page. The server ends with the script.
const SERVE: &str = r"
    bazel run --disk_cache=/scratch/disk //examples/web:app.serve -- --address 127.0.0.1:18990 >/scratch/serve.log &
    for _ in {1..1200}; do (: </dev/tcp/127.0.0.1/18990) 2>/dev/null && break; sleep 0.1; done
    exec 3<>/dev/tcp/127.0.0.1/18990
    printf 'GET / HTTP/1.0\r\nHost: guestbook\r\n\r\n' >&3
    cat <&3
";

/// The digest that the driver would record of a stage's output: Bazel makes every file executable, the stages only programs and,
/// as the linker does, the extension modules of `cpython`.
fn digest(output: &str, path: &Path) -> Digest {
    let is_executable = |file: &Path| match output {
        "sdk:sdk" => file
            .parent()
            .is_some_and(|folder| folder.ends_with("bin") || folder.ends_with("libexec")),
        "cpython:cpython" => file.extension().is_some_and(|extension| extension == "so"),
        _ => false,
    };
    for entry in walkdir::WalkDir::new(path) {
        let entry = entry.expect("the output can be read");
        let mode = if entry.file_type().is_dir() || is_executable(entry.path()) {
            0o755
        } else {
            0o644
        };
        std::fs::set_permissions(entry.path(), std::fs::Permissions::from_mode(mode)).expect("the copy is ours");
    }
    Digest::of_path(path).expect("the output can be read")
}

#[test]
fn every_stage_gives_the_bytes_of_the_driver() {
    let scratch = Scratch::new("bytes");
    // What is chosen for WASI is in a folder beside that of the components.
    let answer = scratch.bazel(&format!(
        "bazel build --disk_cache=/scratch/disk //examples/{{hello,echo,extension,web}}:app //bazel:toolchain \
            --output_groups=+bindings,+image,+linked,+report,+snapshot,+sdk,+libcxx,+cpython
        mkdir -p /scratch/out
        cp -rL bazel-out/*/bin/external/*ampoule_toolchains /scratch/out/toolchain
        for folder in bazel-out/*/bin/examples/{{hello,echo,extension,web}}; do cp -rL $folder /scratch/out/; done
        {SERVE}"
    ));
    assert!(
        answer.starts_with("HTTP/1.0 200 OK") && answer.contains("<title>Guestbook</title>"),
        "{answer}"
    );
    for example in EXAMPLES {
        let theirs = outputs_of_driver(example);
        let app = scratch.path("out").join(example);
        let toolchain = scratch
            .path("out/toolchain")
            .join(format!("prebuilt_{}-linux_", std::env::consts::ARCH));
        let part = |name: &str| PathBuf::from(format!("{}{name}", toolchain.display()));
        let mut ours = vec![
            ("sdk:sdk", part("sdk")),
            ("cpython:cpython", part("cpython")),
            ("interpreter:base", part("interpreter/base.wasm")),
            ("interpreter:initialised", part("interpreter/initialised.wasm")),
            ("interpreter:precompiled", part("interpreter/initialised.cwasm")),
            ("interpreter:imports", part("interpreter/imports.json")),
            (
                "interpreter:stdlib",
                part(&format!("interpreter/{}", ampoule_image::STDLIB)),
            ),
            (
                "interpreter:precompiled-extensions",
                part("interpreter/precompiled-extensions"),
            ),
            ("bindgen:bindings", app.join("app.bindings")),
            ("compile:image", app.join("app.image")),
            ("compile:extensions", app.join("app.extensions")),
            ("link:linked", app.join("app.linked.wasm")),
            ("link:layout", app.join("app.layout.json")),
            ("link:report", app.join("app.report.json")),
            ("snapshot:snapshot", app.join("app.snapshot.wasm")),
            ("component:component", app.join("app.wasm")),
        ];
        if example == "extension" {
            ours.extend([
                ("libcxx:libcxx", part("libcxx")),
                ("extension:extension", app.join("words.so")),
                ("extension:extension", app.join("speedups.so")),
                ("precompile:precompiled", app.join("words.precompiled")),
                ("precompile:precompiled", app.join("speedups.precompiled")),
            ]);
        }
        for (name, path) in ours {
            let output = (name.to_string(), digest(name, &path));
            assert!(
                theirs.contains(&output),
                "{example}: {output:?} is not among {theirs:#?}"
            );
        }
    }
}

/// An app whose Python is started in another way has interpreters of its own, as with the driver.
#[test]
fn python_is_started_as_the_app_says() {
    let scratch = Scratch::new("start");
    let seeded = |seed: &str| {
        format!(
            "    app = \"app\",\n    hash_seed = {seed},\n    python_options = [\"-OO\"],\n    \
             python_variables = {{\"PYTHONDEVMODE\": \"1\"}},\n"
        )
    };
    scratch.edit("examples/hello/BUILD.bazel", "    app = \"app\",\n", &seeded("7"));
    scratch.bazel(
        "bazel build --disk_cache=/scratch/disk //examples/hello:app
        cp bazel-bin/examples/hello/app.wasm /scratch/seeded.wasm",
    );
    // The description of the target is in the component, as every file of the folder is.
    let project = scratch.path("ampoule/examples/hello");
    succeed(ampoule(&project).args([
        "build",
        "--hash-seed",
        "7",
        "-OO",
        "--python-variable",
        "PYTHONDEVMODE=1",
    ]));
    let by_driver = std::fs::read(project.join("hello.wasm")).expect("the driver has made the component");
    let by_bazel = std::fs::read(scratch.path("seeded.wasm")).expect("Bazel has made the component");
    assert!(by_driver == by_bazel, "the components differ");

    scratch.edit("examples/hello/BUILD.bazel", &seeded("7"), &seeded("-7"));
    let complaint = scratch.refused("bazel build --nobuild //examples/hello:app");
    assert!(complaint.contains("hash_seed is -7; give 0 for none"), "{complaint}");
}

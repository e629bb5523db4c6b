"""Rust of this machine and the crates of Cargo.lock: for Ampoule's programs from source."""

load(":environment.bzl", "folder_from")

def _run(rctx, command, **kwargs):
    result = rctx.execute(command, timeout = 1800, **kwargs)
    if result.return_code:
        fail("`{}` failed; --@ampoule//bazel:tools=source needs Rust on this machine:\n{}".format(
            " ".join([str(part) for part in command]),
            result.stderr,
        ))
    return result.stdout.strip()

def _program(rctx, name):
    return rctx.which(name) or fail("there is no {} on the PATH; --@ampoule//bazel:tools=source needs Rust".format(name))

def _rust_repository_impl(rctx):
    folder = rctx.path(_run(rctx, [_program(rctx, "rustc"), "--print", "sysroot"]))
    for name in ["bin", "lib"]:
        rctx.symlink(folder.get_child(name), name)
    rctx.file("BUILD.bazel", """\
package(default_visibility = ["//visibility:public"])

exports_files(["bin/rustc"])

filegroup(
    name = "rust",
    srcs = glob(["lib/*.so*"]) + [
        "bin/cargo",
        "bin/rustc",
        "lib/rustlib",
    ],
)
""")

rust_repository = repository_rule(
    doc = "The Rust toolchain of this machine.",
    implementation = _rust_repository_impl,
    configure = True,
    environ = ["PATH", "RUSTUP_TOOLCHAIN"],
)

def _crates_repository_impl(rctx):
    given = folder_from(rctx, "AMPOULE_CRATES")
    if given:
        rctx.symlink(given, "crates")
    else:
        rctx.watch(rctx.attr.lock)
        manifest = rctx.path(rctx.attr.manifest)
        _run(rctx, [_program(rctx, "cargo"), "vendor", "--locked", "--versioned-dirs", "--manifest-path", manifest, "crates"])
    rctx.file("BUILD.bazel", """exports_files(["crates"], visibility = ["//visibility:public"])\n""")

crates_repository = repository_rule(
    doc = """The crates that Cargo.lock names, as cargo is set up to find them.

AMPOULE_CRATES names a folder that `cargo vendor --versioned-dirs` made, for machines without a network.""",
    implementation = _crates_repository_impl,
    attrs = {
        "lock": attr.label(doc = "Cargo.lock.", mandatory = True),
        "manifest": attr.label(doc = "Cargo.toml.", mandatory = True),
    },
)

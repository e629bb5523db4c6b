"""The crates that extension modules in Rust depend on, and the action that makes a module's library."""

load(":actions.bzl", "NATIVE_TYPE", "RUST_TYPE", "add_folder", "run_stage")
load(":environment.bzl", "url_from")
load(":repositories.bzl", "FETCHED", "program", "tools_folder")

def _listed(crates):
    """The pins of crates that a recipe lists, `NAME VERSION DIGEST` each."""
    pins = []
    for crate in crates:
        name, version, digest = crate.split(" ")
        pins.append({
            "files": [{
                "digest": digest,
                "file": "{}-{}.crate".format(name, version),
                "limit": {"bytes": 1 << 30, "entries": 100000},
                "sources": ["crate:{}@{}".format(name, version)],
            }],
            "group": "crates",
            "license": "",
            "name": "{}@{}".format(name, version),
            "purl": "pkg:cargo/{}@{}".format(name, version),
            "unpack": {"format": "tar.gz", "strip": 1},
            "version": version,
        })
    return pins

def _locked(rctx):
    """The crates that a Cargo.lock names: their files with their digests, as arguments of `download`."""
    files = {}
    for block in rctx.read(rctx.attr.lock).split("[[package]]")[1:]:
        fields = dict([line.split(" = ", 1) for line in block.splitlines() if ' = "' in line])
        if "source" in fields:
            if "checksum" not in fields:
                fail("{} has no checksum in {}: only crates of cargo's registry can be had, none from git".format(fields["name"], rctx.attr.lock))
            file = "{}-{}.crate".format(json.decode(fields["name"]), json.decode(fields["version"]))
            files[file] = {"sha256": json.decode(fields["checksum"])}
    return files

def _mirrored(rctx, files):
    """Brings the crates from the mirror; tells whether all are there."""
    mirror = url_from(rctx, "AMPOULE_MIRROR")
    if not mirror:
        return False
    for file, digest in files.items():
        if not rctx.download(mirror + "/" + file, "crates/" + file, allow_fail = True, **digest).success:
            return False
    return True

def _crates_impl(rctx):
    if rctx.attr.lock:
        arguments = ["--lock", rctx.path(rctx.attr.lock)]
        files = _locked(rctx)
    else:
        pins = _listed(rctx.attr.crates)
        rctx.file("pins.json", json.encode({"pins": pins}))
        arguments = ["--pins", "pins.json"]
        for pin in pins:
            arguments += ["--only", pin["name"]]
        files = {pin["files"][0]["file"]: {"integrity": pin["files"][0]["digest"]} for pin in pins}
    if not _mirrored(rctx, files):
        folder = tools_folder(rctx)
        if not folder:
            fail("""\
{} crates are needed, which come from cargo's registry. Either give a folder that has their files (.crate):
    bazel build --repo_env=AMPOULE_MIRROR=DIR ...
or let Ampoule's own programs fetch them: --repo_env=AMPOULE_TOOLS=DIR, the folder they are in.""".format(len(files)))
        command = [program(rctx, folder, "ampoule-fetch")] + arguments + ["--output", "crates", "--quiet"]
        result = rctx.execute(command, timeout = 1800)
        if result.return_code:
            fail("cannot fetch {} crates:\n{}".format(len(files), result.stderr))
    rctx.file("BUILD.bazel", """\
filegroup(
    name = "crates",
    srcs = {},
    visibility = ["//visibility:public"],
)
""".format(repr(sorted(["crates/" + file for file in files]))))

crates = repository_rule(
    doc = "The crates that a module's Cargo.lock names, as files: `//:crates`.",
    implementation = _crates_impl,
    attrs = FETCHED | {
        "crates": attr.string_list(doc = "The crates, where there is no lock to read: `NAME VERSION DIGEST`."),
        "lock": attr.label(doc = "Cargo.lock."),
    },
)

def _named(file):
    """A crate's file by its name and version; as a function it follows path mapping."""
    return "{}={}".format(file.basename.removesuffix(".crate"), file.path)

def crate_library(ctx, toolchain, name, description, source, inputs, crates):
    """Registers the action of the stage `cargo`.

    Args:
      ctx: the context of a rule with the toolchains of Rust and of native code.
      toolchain: the toolchain.
      name: the name of the library's file.
      description: adds the flag with the description to the arguments.
      source: adds that with the source folder.
      inputs: the files of these two.
      crates: the crates' files.

    Returns:
      the library.
    """
    rust, sdk = ctx.toolchains[RUST_TYPE].rust, ctx.toolchains[NATIVE_TYPE].sdk
    library = ctx.actions.declare_file(name)
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    add_folder(arguments, "--rust", rust)
    add_folder(arguments, "--sdk", sdk)
    description(arguments)
    source(arguments)
    arguments.add_all(crates, before_each = "--crate", map_each = _named)
    arguments.add("--output", library)
    run_stage(
        ctx,
        toolchain.tools,
        "cargo",
        [arguments],
        inputs = [rust, sdk] + inputs + crates,
        outputs = [library],
        many_cores = True,
    )
    return library

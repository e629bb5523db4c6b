"""The repositories of the module extension. What is fetched has the digest that its pin gives.

Two variables change where it comes from (`--repo_env=NAME=VALUE`):
AMPOULE_MIRROR, a folder or URL with the pinned files under their own names, as `ampoule fetch --output DIR` makes it;
AMPOULE_TOOLS, a folder with Ampoule's programs, in place of the prebuilt ones that the lock names.
"""

load(":environment.bzl", "folder_from", "url_from")

_CONSTRAINTS = {
    "aarch64": "@platforms//cpu:aarch64",
    "darwin": "@platforms//os:macos",
    "linux": "@platforms//os:linux",
    "x86_64": "@platforms//cpu:x86_64",
}

_FILE = {
    "file": attr.string(doc = "The pinned file, as JSON."),
    "lock": attr.label(doc = "The lock that has the pin.", mandatory = True),
    "pin": attr.string(doc = "The name of the pin.", mandatory = True),
}

def _download(rctx, file, output):
    """Brings a pinned file from the mirror or from a URL; tells whether it could."""
    urls = [source for source in file["sources"] if source.startswith("https://")]
    mirror = url_from(rctx, "AMPOULE_MIRROR")
    if mirror:
        urls.insert(0, mirror + "/" + file["file"])
    return bool(urls) and rctx.download(urls, output, integrity = file["digest"], allow_fail = True).success

def _fetch(rctx, file, output):
    """Brings a pinned file by the package clients of this machine, which `ampoule fetch` knows to ask."""
    folder = tools_folder(rctx)
    if not folder:
        fail("""\
{file}, which {lock} pins as {pin}, cannot be downloaded with the digest {digest}: it comes from {sources}.
Either give a folder that has it:
    ampoule fetch --output DIR      (from source: cargo run --release -- fetch --output DIR)
    bazel build --repo_env=AMPOULE_MIRROR=DIR ...
or let Ampoule's own programs fetch it: --repo_env=AMPOULE_TOOLS=DIR, the folder they are in.""".format(
            digest = file["digest"],
            file = file["file"],
            lock = rctx.attr.lock,
            pin = rctx.attr.pin,
            sources = " or ".join(file["sources"]),
        ))
    lock = rctx.path("pins.json") if rctx.path("pins.json").exists else rctx.path(rctx.attr.lock)
    command = [program(rctx, folder, "ampoule-fetch"), "--pins", lock, "--only", rctx.attr.pin]
    command += ["--output", "fetched", "--quiet"]
    if "platform" in file:
        command += ["--platform", file["platform"]]
    result = rctx.execute(command, timeout = 1800)
    if result.return_code:
        fail("cannot fetch {}:\n{}".format(file["file"], result.stderr))
    rctx.symlink("fetched/" + file["file"], output)

def _platform(rctx):
    """The machine by its name in the lock file."""
    arch = {"amd64": "x86_64", "arm64": "aarch64"}.get(rctx.os.arch, rctx.os.arch)
    return "{}-{}".format(arch, {"mac os x": "darwin"}.get(rctx.os.name, rctx.os.name))

def tools_folder(rctx):
    """The folder with Ampoule's programs for this machine: that of AMPOULE_TOOLS, or of the pinned programs.

    Args:
      rctx: the context of a repository rule with the attributes FETCHED.

    Returns:
      its path, or None where there are none.
    """
    folder = folder_from(rctx, "AMPOULE_TOOLS")
    platform = _platform(rctx)
    if folder or platform not in rctx.attr.prebuilt:
        return folder
    return str(rctx.path(Label("@ampoule_tools_{}//:BUILD.bazel".format(platform))).dirname)

# The attributes of what Ampoule's programs may have to fetch.
FETCHED = {
    "prebuilt": attr.string_list(doc = "The platforms with pinned programs of Ampoule."),
}

def program(rctx, folder, name):
    """One of Ampoule's programs.

    Args:
      rctx: the repository rule's context.
      folder: the folder that they are in, or that above `bin`.
      name: the program's name.

    Returns:
      its path.
    """
    for place in [folder, folder + "/bin"]:
        path = rctx.path(place).get_child(name)
        if path.exists:
            return path
    fail("there is no {} in {}, which AMPOULE_TOOLS names; `cargo build --release --workspace` makes it in target/release".format(name, folder))

def _bring(rctx, file, output):
    if not _download(rctx, file, output):
        _fetch(rctx, file, output)

def _bring_archive(rctx, file, unpack):
    """Brings a pinned archive under a name by which Bazel knows its format; gives the name."""
    archive = "archive." + {"crate": "tar.gz", "wheel": "zip"}.get(unpack["format"], unpack["format"])
    _bring(rctx, file, archive)
    return archive

def _extract(rctx, archive, unpack, output):
    """Extracts an archive as it is; gives the folders at its root that the pin says are dropped, from the outermost on."""
    rctx.extract(archive, output)
    folders = [rctx.path(output)]
    for _ in range(unpack["strip"]):
        folders.append(folders[-1].readdir()[0])
    return folders[1:]

def _unpack(rctx, file, unpack):
    """Unpacks a pinned archive, without as many folders at its root as the pin says."""
    archive = _bring_archive(rctx, file, unpack)
    prefix = "/".join([folder.basename for folder in _extract(rctx, archive, unpack, "listing")])
    rctx.delete("listing")
    rctx.extract(archive, stripPrefix = prefix)
    rctx.delete(archive)

def _unpack_programs(rctx, file, unpack):
    """Unpacks the archive of Ampoule's programs, which is large: `bin` is a link into it."""
    archive = _bring_archive(rctx, file, unpack)
    folders = _extract(rctx, archive, unpack, "unpacked")
    rctx.delete(archive)
    rctx.symlink((folders[-1] if folders else rctx.path("unpacked")).get_child("bin"), "bin")

def _file_repository_impl(rctx):
    file = json.decode(rctx.attr.file)
    if rctx.attr.pins:
        rctx.file("pins.json", rctx.attr.pins)
    _bring(rctx, file, file["file"])
    rctx.file("BUILD.bazel", """\
filegroup(
    name = "file",
    srcs = ["{}"],
    visibility = ["//visibility:public"],
)
""".format(file["file"]))

file_repository = repository_rule(
    doc = "One pinned file.",
    implementation = _file_repository_impl,
    attrs = _FILE | FETCHED | {"pins": attr.string(doc = "The text of a lock that has the pin, where the lock itself is not one.")},
)

def _archive_impl(rctx):
    _unpack(rctx, json.decode(rctx.attr.file), json.decode(rctx.attr.unpack))
    rctx.symlink(rctx.attr.build_file, "BUILD.bazel")

archive = repository_rule(
    doc = "The unpacked content of a pinned archive.",
    implementation = _archive_impl,
    attrs = _FILE | FETCHED | {
        "build_file": attr.label(doc = "The BUILD file of the repository.", mandatory = True),
        "unpack": attr.string(doc = "How to unpack it, as JSON."),
    },
)

def _prebuilt_tools_impl(rctx):
    folder = folder_from(rctx, "AMPOULE_TOOLS")
    if folder:
        for name in ["ampoule"] + ["ampoule-" + stage for stage in rctx.attr.stages]:
            rctx.symlink(program(rctx, folder, name), "bin/" + name)
    elif rctx.attr.file:
        _unpack_programs(rctx, json.decode(rctx.attr.file), json.decode(rctx.attr.unpack))
    else:
        fail("""\
{lock} pins no programs of Ampoule for {platform}. Either give a folder that has them:
    cargo build --release --workspace
    bazel build --repo_env=AMPOULE_TOOLS=$PWD/target/release ...
or let Bazel build them: --@ampoule//bazel:tools=source""".format(lock = rctx.attr.lock, platform = rctx.attr.platform))
    rctx.file("BUILD.bazel", """\
load("{rules}", "ampoule_tools")

ampoule_tools(
    name = "tools",
    programs = glob(["bin/ampoule*"]),
    visibility = ["//visibility:public"],
)
""".format(rules = Label(":toolchain.bzl")))

prebuilt_tools = repository_rule(
    doc = "Ampoule's programs: prebuilt ones by their digest, or those in a folder of this machine.",
    implementation = _prebuilt_tools_impl,
    attrs = _FILE | FETCHED | {
        "platform": attr.string(doc = "The platform that they run on.", mandatory = True),
        "stages": attr.string_list(doc = "The stages that there is a program for.", mandatory = True),
        "unpack": attr.string(doc = "How to unpack them, as JSON."),
    },
)

def _toolchains_impl(rctx):
    content = [
        'load("{}", "platform_toolchains")'.format(Label(":platform_toolchains.bzl")),
        'package(default_visibility = ["//visibility:public"])',
    ]
    for platform in rctx.attr.platforms:
        constraints = [_CONSTRAINTS[part] for part in platform.split("-")]
        arguments = {
            "archives": json.decode(rctx.attr.archives)[platform],
            "constraints": constraints,
            "platform": platform,
            "prefilled": json.decode(rctx.attr.prefilled)[platform],
            "python_version": rctx.attr.python_version,
        }
        lines = ["    {} = {},".format(name, repr(value)) for name, value in arguments.items()]
        content.append("platform_toolchains(\n{}\n)".format("\n".join(lines)))
    rctx.file("BUILD.bazel", "\n\n".join(content) + "\n")

toolchains = repository_rule(
    doc = "The toolchains of all platforms that the lock knows.",
    implementation = _toolchains_impl,
    attrs = {
        "archives": attr.string(
            doc = "For each platform and each stage that unpacks archives, these with how they are unpacked, as JSON.",
            mandatory = True,
        ),
        "platforms": attr.string_list(doc = "The platforms.", mandatory = True),
        "prefilled": attr.string(
            doc = "For each platform, the archives of a release that have the toolchain's results, as JSON.",
            mandatory = True,
        ),
        "python_version": attr.string(doc = "The version of CPython.", mandatory = True),
    },
)

def _packages_impl(rctx):
    content = ['load("{}", "native_package")'.format(Label(":native.bzl"))]
    for package in json.decode(rctx.attr.packages):
        lines = ["    {} = {},".format(name, repr(value)) for name, value in package.items()]
        content.append("native_package(\n{}\n)".format("\n".join(lines)))
    rctx.file("BUILD.bazel", "\n\n".join(content) + "\n")

packages = repository_rule(
    doc = "The packages with native code that recipes build.",
    implementation = _packages_impl,
    attrs = {"packages": attr.string(doc = "The attributes of each, as JSON.", mandatory = True)},
)

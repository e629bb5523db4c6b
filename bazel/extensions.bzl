"""The module extension: the pinned inputs and the toolchains that they become."""

load("//bazel/private:actions.bzl", "STAGES")
load("//bazel/private:archives.bzl", "unpacking")
load("//bazel/private:crates.bzl", "crates")
load("//bazel/private:packages.bzl", "declare_packages")
load("//bazel/private:prefilled.bzl", "PARTS", "unpacking_flags")
load("//bazel/private:repositories.bzl", "archive", "file_repository", "prebuilt_tools", "toolchains")
load("//bazel/private:rust.bzl", "crates_repository", "rust_repository")

_TOOLS_PIN = "ampoule-tools"

# The machines that there may be programs for, whose repositories MODULE.bazel names.
_MACHINES = ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"]

# What a release of Ampoule has, in the form of a lock; a checkout's names nothing.
_RELEASE = Label("//bazel:release.json")

# The lock that the results of a release were made from.
_OWN_LOCK = Label("//:toolchain/pins.json")

# For each stage that unpacks archives, the groups of these.
_GROUPS = {
    "cpython": ["cpython"],
    "rust": ["rust", "rust-system"],
    "sdk": ["sdk"],
    "web": ["web"],
}

# What several of them unpack.
_SHARED = {"rust": ["clang"]}

def _read(module_ctx, lock):
    pins = json.decode(module_ctx.read(lock))["pins"]
    return {pin["name"]: pin for pin in pins}

def _pin(pins, name, lock):
    if name not in pins:
        fail("{} has no pin named {}; it has: {}".format(lock, name, ", ".join(sorted(pins))))
    return pins[name]

def _repository(pin, file):
    """The name of the repository of a pinned file."""
    return "_".join(["ampoule", pin["name"]] + ([file["platform"]] if "platform" in file else []))

def _declare_inputs(pins, lock, prebuilt):
    """A repository for each file of each pin of the toolchain."""
    for name, pin in pins.items():
        if not [groups for groups in _GROUPS.values() if pin.get("group") in groups]:
            continue
        for file in pin["files"]:
            file_repository(
                name = _repository(pin, file),
                file = json.encode(file),
                lock = lock,
                pin = name,
                prebuilt = prebuilt,
            )

def _archives(pins, stage, platform):
    """The archives of a stage for a platform, each with its name and how it is unpacked, as the stages take them."""
    archives = {}
    for name, pin in pins.items():
        if pin.get("group") in _GROUPS[stage] or name in _SHARED.get(stage, []):
            for file in pin["files"]:
                if file.get("platform", platform) == platform:
                    archives["@{}//:file".format(_repository(pin, file))] = unpacking(name, pin, file)
    return archives

def _files_by_platform(pins, name):
    return {file["platform"]: file for file in pins.get(name, {"files": []})["files"]}

def _declare_tools(pins, lock, release):
    """A repository for the programs on each machine; gives the machines with pinned ones."""
    if _TOOLS_PIN not in pins and _TOOLS_PIN in release:
        pins, lock = release, _RELEASE
    files = _files_by_platform(pins, _TOOLS_PIN)
    unpack = pins.get(_TOOLS_PIN, {}).get("unpack", {})
    for platform in _MACHINES:
        prebuilt_tools(
            name = "ampoule_tools_" + platform,
            file = json.encode(files[platform]) if platform in files else "",
            lock = lock,
            pin = _TOOLS_PIN,
            platform = platform,
            stages = STAGES,
            unpack = json.encode(unpack),
        )
    return files.keys()

def _declare_prefilled(pins, lock, platforms, prebuilt):
    """A repository for each archive of the toolchain's results; gives, for each platform, those of all parts with how to unpack them."""
    files = {part: _files_by_platform(pins, "ampoule-" + part) for part in PARTS}
    prefilled = {platform: {} for platform in platforms}
    for platform in platforms:
        if not all([platform in files[part] for part in PARTS]):
            continue
        for part in PARTS:
            pin, file = pins["ampoule-" + part], files[part][platform]
            repository = _repository(pin, file)
            file_repository(name = repository, file = json.encode(file), lock = lock, pin = pin["name"], prebuilt = prebuilt)
            prefilled[platform][part] = ("@{}//:file".format(repository), unpacking_flags(pin, file))
    return prefilled

def _ampoule_impl(module_ctx):
    # The root module comes first: its lock file wins over Ampoule's own.
    locks = [tag.lock for module in module_ctx.modules for tag in module.tags.toolchain]
    lock = locks[0]
    pins = _read(module_ctx, lock)
    platforms = [file["platform"] for file in _pin(pins, "clang", lock)["files"]]
    release = _read(module_ctx, _RELEASE)
    prebuilt = _declare_tools(pins, lock, release)
    _declare_inputs(pins, lock, prebuilt)
    is_released = lock == _OWN_LOCK
    prefilled = _declare_prefilled(
        release if is_released else pins,
        _RELEASE if is_released else lock,
        platforms,
        prebuilt,
    )
    rust_repository(name = "ampoule_rust")
    crates_repository(
        name = "ampoule_crates",
        lock = Label("//:Cargo.lock"),
        manifest = Label("//:Cargo.toml"),
    )
    toolchains(
        name = "ampoule_toolchains",
        archives = json.encode({
            platform: {stage: _archives(pins, stage, platform) for stage in _GROUPS}
            for platform in platforms
        }),
        platforms = platforms,
        prefilled = json.encode(prefilled),
        python_version = _pin(pins, "cpython", lock)["version"],
    )
    declare_packages(module_ctx, pins, prebuilt)
    cython = _pin(pins, "cython", lock)
    archive(
        name = "ampoule_cython",
        build_file = Label("//bazel/generator:cython.BUILD.bazel"),
        file = json.encode(cython["files"][0]),
        lock = lock,
        pin = "cython",
        prebuilt = prebuilt,
        unpack = json.encode(cython["unpack"]),
    )
    for module in module_ctx.modules:
        for tag in module.tags.crates:
            crates(name = tag.name, lock = tag.lock, prebuilt = prebuilt)
        for tag in module.tags.archive:
            pin = _pin(_read(module_ctx, tag.lock), tag.pin, tag.lock)
            archive(
                name = tag.name,
                build_file = tag.build_file,
                file = json.encode(pin["files"][0]),
                lock = tag.lock,
                pin = tag.pin,
                prebuilt = prebuilt,
                unpack = json.encode(pin["unpack"]),
            )

_LOCK = attr.label(
    doc = "A file of pins in the form of Ampoule's toolchain/pins.json: what is fetched, with its digest.",
    mandatory = True,
)

ampoule = module_extension(
    doc = "Fetches what the pins name and declares the toolchains.",
    implementation = _ampoule_impl,
    tag_classes = {
        "archive": tag_class(
            doc = "A repository with an unpacked archive, such as the source of an extension module.",
            attrs = {
                "build_file": attr.label(doc = "The BUILD file of the repository.", mandatory = True),
                "lock": _LOCK,
                "name": attr.string(doc = "The name of the repository.", mandatory = True),
                "pin": attr.string(doc = "The name of the pin.", mandatory = True),
            },
        ),
        "crates": tag_class(
            doc = "A repository with the crates of an extension module in Rust: `@NAME//:crates`.",
            attrs = {
                "lock": attr.label(doc = "The module's Cargo.lock.", mandatory = True),
                "name": attr.string(doc = "The name of the repository.", mandatory = True),
            },
        ),
        "package": tag_class(
            doc = "A package with native code that is built from its source distribution: `@ampoule_packages//:NAME`, for `deps`.",
            attrs = {
                "name": attr.string(doc = "The normalised name of the package.", mandatory = True),
                "recipes": attr.label(doc = "The table of recipes of your own, which lie beside it and are exported: what `ampoule recipes --table --recipes FOLDER` prints."),
                "version": attr.string(doc = "The version: one that `ampoule recipes` lists.", mandatory = True),
            },
        ),
        "toolchain": tag_class(
            doc = "Builds the toolchain from other pins than Ampoule's own. That of the root module counts.",
            attrs = {"lock": _LOCK},
        ),
    },
)

"""The toolchains of a platform: built from pinned inputs, and with the results that a release has."""

load(":actions.bzl", "LIBCXX_TYPE", "NATIVE_TYPE", "RUST_TYPE", "TOOLCHAIN_TYPE", "WEB_TYPE")
load(":prefilled.bzl", "prefilled_folder", "prefilled_interpreter")
load(
    ":toolchain.bzl",
    "ampoule_cpython",
    "ampoule_interpreter",
    "ampoule_libcxx",
    "ampoule_rust",
    "ampoule_sdk",
    "ampoule_toolchain",
    "libcxx_toolchain",
    "native_toolchain",
    "rust_toolchain",
    "web_toolchain",
)

def _declare_results(name, constraints, python_version, archives, tools):
    """Declares the actions whose results a toolchain has; gives its parts."""
    ampoule_sdk(
        name = name + "_sdk",
        archives = archives["sdk"],
        exec_compatible_with = constraints,
        tools = tools,
    )
    ampoule_cpython(
        name = name + "_cpython",
        archives = archives["cpython"],
        exec_compatible_with = constraints,
        sdk = name + "_sdk",
        tools = tools,
    )
    ampoule_interpreter(
        name = name + "_interpreter",
        cpython = name + "_cpython",
        exec_compatible_with = constraints,
        python_version = python_version,
        sdk = name + "_sdk",
        tools = tools,
    )
    return struct(cpython = name + "_cpython", interpreter = name + "_interpreter", sdk = name + "_sdk")

def _declare_prefilled(name, constraints, python_version, prefilled, tools):
    """Declares the actions that unpack the results which a release has; gives a toolchain's parts."""
    names = {part: "{}_{}".format(name, part) for part in prefilled}
    for part, (archive, unpack) in prefilled.items():
        only = {"python_version": python_version} if part == "interpreter" else {}
        (prefilled_interpreter if only else prefilled_folder)(
            name = names[part],
            archive = archive,
            exec_compatible_with = constraints,
            tools = tools,
            unpack = unpack,
            **only
        )
    return struct(**names)

def _declare_toolchain(name, toolchain_type, toolchain_rule, constraints, settings, **kwargs):
    """Declares a toolchain for machines of a platform and settings of Ampoule's flags."""
    toolchain_rule(name = name + "_toolchain", **kwargs)
    native.toolchain(
        name = name,
        exec_compatible_with = constraints,
        target_settings = settings,
        toolchain = name + "_toolchain",
        toolchain_type = toolchain_type,
    )

def _declare_toolchains_of_results(name, constraints, settings, archives, tools, parts):
    """Declares the toolchains that have the toolchain's results."""
    _declare_toolchain(
        name,
        TOOLCHAIN_TYPE,
        ampoule_toolchain,
        constraints,
        settings,
        interpreter = parts.interpreter,
        tools = tools,
    )
    _declare_toolchain(
        name + "_native",
        NATIVE_TYPE,
        native_toolchain,
        constraints,
        settings,
        cpython = parts.cpython,
        sdk = parts.sdk,
    )
    for libraries, exceptions in [("_libcxx", False), ("_libcxx_with_exceptions", True)]:
        ampoule_libcxx(
            name = name + libraries,
            archives = {file: rules for file, rules in archives["sdk"].items() if rules.startswith("clang=")},
            exceptions = exceptions,
            exec_compatible_with = constraints,
            sdk = parts.sdk,
            tools = tools,
        )
    _declare_toolchain(
        name + "_cxx",
        LIBCXX_TYPE,
        libcxx_toolchain,
        constraints,
        settings,
        libcxx = name + "_libcxx",
        with_exceptions = name + "_libcxx_with_exceptions",
    )

def _declare_rust(name, constraints, settings, archives, tools):
    ampoule_rust(
        name = name + "_rust",
        archives = archives["rust"],
        exec_compatible_with = constraints,
        tools = tools,
    )
    _declare_toolchain(name + "_crates", RUST_TYPE, rust_toolchain, constraints, settings, rust = name + "_rust")

def platform_toolchains(platform, constraints, python_version, archives, prefilled):
    """Declares the toolchains whose actions run on one platform: with prebuilt programs, and with programs from source.

    Args:
      platform: the platform by its name in the lock file, such as `x86_64-linux`.
      constraints: what Bazel calls it.
      python_version: the version of CPython in the lock file.
      archives: the archives of the lock file, for each stage that unpacks some.
      prefilled: for each of PARTS the archive of a release with the flags to unpack it, or nothing.
    """
    _declare_toolchain("web_" + platform, WEB_TYPE, web_toolchain, constraints, [], archives = archives["web"])
    for kind, tools in {
        "prebuilt": "@ampoule_tools_{}//:tools".format(platform),
        "source": Label("//bazel/source:tools"),
    }.items():
        name = "{}_{}".format(kind, platform)
        settings = [Label("//bazel:{}_tools".format(kind))]
        _declare_rust(name, constraints, settings, archives, tools)
        made = _declare_results(name, constraints, python_version, archives, tools)
        variants = [(name, made, settings)]
        if prefilled:
            unpacked_name = name + "_prefilled"
            unpacked = _declare_prefilled(unpacked_name, constraints, python_version, prefilled, tools)
            variants = [
                (name, made, settings + [Label("//bazel:source_results")]),
                (unpacked_name, unpacked, settings + [Label("//bazel:prefilled_results")]),
            ]
        for variant, parts, its_settings in variants:
            _declare_toolchains_of_results(variant, constraints, its_settings, archives, tools, parts)

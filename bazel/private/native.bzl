"""A package with native code, built from its source distribution by a recipe: the stages `prepare`, `extension`, `pack` and `wheels`."""

load("@rules_python//python:py_library.bzl", "py_library")
load(":actions.bzl", "LIBCXX_TYPE", "NATIVE_TYPE", "RUST_TYPE", "TOOLCHAIN_TYPE", "add_folder", "run_stage")
load(":archives.bzl", "ARCHIVES", "add_archives")
load(":crates.bzl", "crate_library")
load(":platform.bzl", "TRANSITION_ATTRIBUTES", "wasi_transition")
load(":precompile.bzl", "precompile")

def _prepare(ctx, toolchain):
    sources = ctx.actions.declare_directory(ctx.label.name + ".sources")
    descriptions = ctx.actions.declare_directory(ctx.label.name + ".descriptions")
    headers = ctx.actions.declare_directory(ctx.label.name + ".headers")
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    arguments.add("--recipe", ctx.file.recipe)
    inputs = [ctx.file.recipe] + add_archives(arguments, ctx.attr.archives)
    if ctx.file.generator:
        add_folder(arguments, "--generator", ctx.file.generator)
        inputs.append(ctx.file.generator)
    for target, name in ctx.attr.needs.items():
        needed = target[OutputGroupInfo].headers.to_list()
        arguments.add_all(needed, expand_directories = False, format_each = "--needed={}=%s".format(name))
        inputs += needed
    add_folder(arguments, "--output", sources)
    add_folder(arguments, "--descriptions", descriptions)
    add_folder(arguments, "--headers", headers)
    outputs = [sources, descriptions, headers]
    run_stage(ctx, toolchain.tools, "prepare", [arguments], inputs = inputs, outputs = outputs, many_cores = True)
    return struct(sources = sources, descriptions = descriptions, headers = headers)

def _add_description(arguments, prepared, part):
    """Adds the flag with the description of a module or a library."""
    arguments.add_all(
        [prepared.descriptions],
        expand_directories = False,
        format_each = "--description=%s/{}.toml".format(part["name"]),
    )

def _compile(ctx, toolchain, prepared, part, linked, is_library):
    """Compiles a module or a library.

    Args:
      ctx: the rule's context.
      toolchain: the toolchain.
      prepared: the sources and descriptions.
      part: what recipes.json says of it.
      linked: the libraries that it links, by their names.
      is_library: whether it is a library that modules share.

    Returns:
      the file.
    """
    native = ctx.toolchains[NATIVE_TYPE]
    compiled = "{}.compiled/{}".format(ctx.label.name, part["name"])
    output = ctx.actions.declare_file(compiled + (".a" if is_library else ".so"))
    inputs = [native.sdk, native.cpython, prepared.descriptions]
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    add_folder(arguments, "--sdk", native.sdk)
    add_folder(arguments, "--cpython", native.cpython)
    _add_description(arguments, prepared, part)
    if part["rust"]:
        linked = linked | {"crate": crate_library(
            ctx,
            toolchain,
            compiled + ".crate.a",
            description = lambda arguments: _add_description(arguments, prepared, part),
            source = lambda arguments: add_folder(arguments, "--source", prepared.sources),
            inputs = [prepared.sources, prepared.descriptions],
            crates = ctx.files.crates,
        )}
    else:
        add_folder(arguments, "--source", prepared.sources)
        inputs.append(prepared.sources)
    if part["cxx"]:
        libraries = ctx.toolchains[LIBCXX_TYPE]
        libcxx = libraries.with_exceptions if part["exceptions"] else libraries.libcxx
        add_folder(arguments, "--libcxx", libcxx)
        inputs.append(libcxx)
    for name, library in linked.items():
        arguments.add("--link", library, format = name + "=%s")
        inputs.append(library)
    if is_library:
        arguments.add("--library")
    arguments.add("--output", output)
    run_stage(ctx, toolchain.tools, "extension", [arguments], inputs = inputs, outputs = [output], many_cores = True)
    return output

def _pack(ctx, toolchain, prepared, modules):
    wheel = ctx.actions.declare_file(ctx.attr.wheel)
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    arguments.add("--recipe", ctx.file.recipe)
    add_folder(arguments, "--sources", prepared.sources)
    for name, module in modules.items():
        arguments.add("--module", module, format = name + "=%s")
    arguments.add_all(ctx.attr.built_with, before_each = "--built-with")
    arguments.add("--output", wheel)
    run_stage(
        ctx,
        toolchain.tools,
        "pack",
        [arguments],
        inputs = [ctx.file.recipe, prepared.sources] + modules.values(),
        outputs = [wheel],
    )
    return wheel

def _install(ctx, toolchain, wheel):
    """Installs the wheel as a lock that names its source distribution has it."""
    lock = ctx.actions.declare_file(ctx.label.name + ".pylock.toml")
    ctx.actions.write(lock, ctx.attr.lock)
    folder = ctx.actions.declare_directory(ctx.label.name)
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    arguments.add("--pylock", lock)
    arguments.add("--built", wheel, format = wheel.basename + "=%s")
    arguments.add("--python-version", toolchain.interpreter.python_version)
    add_folder(arguments, "--output", folder)
    run_stage(ctx, toolchain.tools, "wheels", [arguments], inputs = [lock, wheel], outputs = [folder])
    return folder

def _native_package_impl(ctx):
    toolchain = ctx.toolchains[TOOLCHAIN_TYPE]
    prepared = _prepare(ctx, toolchain)
    libraries = {
        part["name"]: _compile(ctx, toolchain, prepared, part, {}, is_library = True)
        for part in json.decode(ctx.attr.libraries)
    }
    modules = {
        part["name"]: _compile(
            ctx,
            toolchain,
            prepared,
            part,
            {name: libraries[name] for name in part["libraries"]},
            is_library = False,
        )
        for part in json.decode(ctx.attr.modules)
    }
    wheel = _pack(ctx, toolchain, prepared, modules)
    return [
        DefaultInfo(files = depset([_install(ctx, toolchain, wheel)])),
        OutputGroupInfo(headers = depset([prepared.headers]), wheel = depset([wheel])),
    ]

def _native_package_rule(toolchains):
    return rule(
        doc = "A package with native code, installed.",
        implementation = _native_package_impl,
        attrs = ARCHIVES | TRANSITION_ATTRIBUTES | {
            "built_with": attr.string_list(doc = "What it is compiled with, for the wheel to say: `NAME=VERSION`."),
            "crates": attr.label(doc = "The crates of its modules in Rust."),
            "generator": attr.label(doc = "What runs the steps that generate sources, precompiled.", allow_single_file = True),
            "libraries": attr.string(doc = "What recipes.json has of the libraries."),
            "lock": attr.string(doc = "The text of a lock that names the source distribution."),
            "modules": attr.string(doc = "What recipes.json has of the modules."),
            "needs": attr.label_keyed_string_dict(doc = "Packages whose headers are needed, with their names."),
            "recipe": attr.label(doc = "The recipe.", allow_single_file = True, mandatory = True),
            "wheel": attr.string(doc = "The wheel's file name.", mandatory = True),
        },
        cfg = wasi_transition,
        toolchains = [TOOLCHAIN_TYPE, NATIVE_TYPE] + toolchains,
    )

_native_package = _native_package_rule([])
_native_package_with_cxx = _native_package_rule([LIBCXX_TYPE])
_native_package_with_rust = _native_package_rule([LIBCXX_TYPE, RUST_TYPE])

def _rule_for(libraries, modules, crates):
    """The rule that has the toolchains of what the package is written in, and no others, which would be fetched."""
    if crates:
        return _native_package_with_rust
    has_cxx = any([part["cxx"] for part in json.decode(libraries) + json.decode(modules)])
    return _native_package_with_cxx if has_cxx else _native_package

def _wheel_impl(ctx):
    return [DefaultInfo(files = ctx.attr.package[OutputGroupInfo].wheel)]

_wheel = rule(
    doc = "The wheel of a package, where `bazel-bin` has it.",
    implementation = _wheel_impl,
    attrs = {"package": attr.label(doc = "The package.", mandatory = True)} | TRANSITION_ATTRIBUTES,
    cfg = wasi_transition,
)

def native_package(name, libraries, modules, crates = None, **kwargs):
    """A Python library for `deps` of components; its wheel is `NAME.wheel`.

    Args:
      name: the name of the target.
      libraries: what recipes.json has of the libraries.
      modules: what recipes.json has of the modules.
      crates: the crates of its modules in Rust.
      **kwargs: see the attributes of the rule.
    """
    _rule_for(libraries, modules, crates)(
        name = name + ".installed",
        crates = crates,
        libraries = libraries,
        modules = modules,
        tags = ["manual"],
        **kwargs
    )
    _wheel(
        name = name + ".wheel",
        package = name + ".installed",
        tags = ["manual"],
        visibility = ["//visibility:public"],
    )
    py_library(
        name = name,
        data = [name + ".installed"],
        imports = [name + ".installed"],
        tags = ["manual"],
        visibility = ["//visibility:public"],
    )

def _precompiled_impl(ctx):
    folder = precompile(ctx, ctx.toolchains[TOOLCHAIN_TYPE], ctx.file.module, ctx.label.name)
    return [DefaultInfo(files = depset([folder]))]

precompiled = rule(
    doc = "A module compiled for the machines that run the actions.",
    implementation = _precompiled_impl,
    attrs = {"module": attr.label(doc = "The module.", allow_single_file = True, mandatory = True)},
    toolchains = [TOOLCHAIN_TYPE],
)

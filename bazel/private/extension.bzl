"""An extension module: the stages `cargo`, `extension` and `precompile`."""

load("//bazel:providers.bzl", "PyWasmExtensionInfo")
load(":actions.bzl", "LIBCXX_TYPE", "NATIVE_TYPE", "RUST_TYPE", "TOOLCHAIN_TYPE", "add_folder", "run_stage")
load(":crates.bzl", "crate_library")
load(":platform.bzl", "TRANSITION_ATTRIBUTES", "wasi_transition")
load(":precompile.bzl", "precompile")

def _source_folder(ctx):
    """The folder that the sources are below: `source` in their package."""
    owner = ctx.files.srcs[0].owner
    return "/".join([part for part in [owner.workspace_root, owner.package, ctx.attr.source] if part not in ["", "."]])

def _relative(folder, file):
    if not file.is_source:
        fail("{} is made by another rule; srcs and hdrs take files of the source tree".format(file.short_path))
    if folder and not file.path.startswith(folder + "/"):
        fail("{} is not in the folder {}; set `source` to a folder that all srcs and hdrs are in".format(file.path, folder))
    return file.path.removeprefix(folder + "/") if folder else file.path

def _description(ctx, folder):
    """The description that the stage reads (TOML); JSON's strings and lists are TOML's as well."""
    lines = [("name", ctx.attr.module), ("sources", [_relative(folder, file) for file in ctx.files.srcs])]
    lines += [
        (key, value)
        for key, value in [
            ("include", ctx.attr.includes),
            ("libraries", ctx.attr.libraries),
            ("flags", ctx.attr.copts),
            ("c-standard", ctx.attr.c_standard),
            ("cxx-standard", ctx.attr.cxx_standard),
            ("exceptions", ctx.attr.exceptions),
        ]
        if value
    ]
    text = ["{} = {}".format(key, json.encode(value)) for key, value in lines]
    if ctx.attr.defines:
        text.append("[defines]")
        text += ["{} = {}".format(name, json.encode(value)) for name, value in ctx.attr.defines.items()]
    return "\n".join(text) + "\n"

def _extension(ctx, toolchain, description, add_more, inputs, many_cores):
    """Registers the action of the stage `extension`; gives the providers of an extension module.

    Args:
      ctx: the rule's context.
      toolchain: the toolchain.
      description: the file of the description.
      add_more: adds the flags that only one kind of module has to the arguments.
      inputs: the files of these flags.
      many_cores: whether it keeps several processors busy.

    Returns:
      the providers.
    """
    native = ctx.toolchains[NATIVE_TYPE]
    extension = ctx.actions.declare_file(ctx.label.name + ".so")
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    add_folder(arguments, "--sdk", native.sdk)
    add_folder(arguments, "--cpython", native.cpython)
    arguments.add("--description", description)
    add_more(arguments)
    arguments.add("--output", extension)
    run_stage(
        ctx,
        toolchain.tools,
        "extension",
        [arguments],
        inputs = [native.sdk, native.cpython, description] + inputs,
        outputs = [extension],
        many_cores = many_cores,
    )
    return [
        PyWasmExtensionInfo(
            file = extension,
            module = ctx.attr.module,
            precompiled = precompile(ctx, toolchain, extension, ctx.label.name + ".precompiled"),
        ),
        DefaultInfo(files = depset([extension])),
    ]

def _py_wasm_extension_impl(ctx):
    toolchain = ctx.toolchains[TOOLCHAIN_TYPE]
    folder = _source_folder(ctx)
    for header in ctx.files.hdrs:
        _relative(folder, header)
    description = ctx.actions.declare_file(ctx.label.name + ".toml")
    ctx.actions.write(description, _description(ctx, folder))
    libcxx = []
    if [file for file in ctx.files.srcs if file.extension != "c"]:
        libraries = ctx.toolchains[LIBCXX_TYPE]
        libcxx = [libraries.with_exceptions if ctx.attr.exceptions else libraries.libcxx]

    def add_more(arguments):
        arguments.add("--source", folder or ".")
        arguments.add_all(libcxx, before_each = "--libcxx", expand_directories = False)

    inputs = ctx.files.srcs + ctx.files.hdrs + libcxx
    return _extension(ctx, toolchain, description, add_more, inputs, many_cores = len(ctx.files.srcs) > 1)

def _py_wasm_rust_extension_impl(ctx):
    toolchain = ctx.toolchains[TOOLCHAIN_TYPE]
    folder = _source_folder(ctx)
    if not folder:
        fail("a crate needs a folder of its own, all of which is read: move it to one, and name that by `source`")
    lines = [
        ("name", ctx.attr.module),
        ("kind", "rust"),
        ("manifest", _relative(folder, ctx.file.manifest)),
        ("lock", _relative(folder, ctx.file.lock)),
        ("features", ctx.attr.crate_features),
        ("default-features", ctx.attr.default_features),
    ]
    for file in ctx.files.srcs:
        _relative(folder, file)
    description = ctx.actions.declare_file(ctx.label.name + ".toml")
    ctx.actions.write(description, "".join(["{} = {}\n".format(key, json.encode(value)) for key, value in lines]))
    library = crate_library(
        ctx,
        toolchain,
        ctx.label.name + ".a",
        description = lambda arguments: arguments.add("--description", description),
        source = lambda arguments: arguments.add("--source", folder),
        inputs = [description, ctx.file.manifest, ctx.file.lock] + ctx.files.srcs,
        crates = ctx.files.crates,
    )
    add_more = lambda arguments: arguments.add("--link", library, format = "crate=%s")
    return _extension(ctx, toolchain, description, add_more, [library], many_cores = False)

py_wasm_rust_extension = rule(
    doc = "An extension module of Python, from a crate in Rust.",
    implementation = _py_wasm_rust_extension_impl,
    attrs = {
        "crate_features": attr.string_list(doc = "The crate's features to compile it with."),
        "crates": attr.label(doc = "The crates of its lock: `@NAME//:crates` of the tag `crates`.", mandatory = True),
        "default_features": attr.bool(doc = "Whether the crate has its default features.", default = True),
        "lock": attr.label(doc = "Its Cargo.lock.", allow_single_file = True, mandatory = True),
        "manifest": attr.label(doc = "Its Cargo.toml.", allow_single_file = True, mandatory = True),
        "module": attr.string(doc = "The name under which Python imports it, such as `package._module`.", mandatory = True),
        "source": attr.string(doc = "The folder in the package of `srcs` that all files are in.", default = "."),
        "srcs": attr.label_list(doc = "The crate's sources, and what else it has.", allow_files = True, mandatory = True),
    } | TRANSITION_ATTRIBUTES,
    cfg = wasi_transition,
    provides = [PyWasmExtensionInfo],
    toolchains = [TOOLCHAIN_TYPE, NATIVE_TYPE, RUST_TYPE],
)

py_wasm_extension = rule(
    doc = "An extension module of Python, from sources in C or C++.",
    implementation = _py_wasm_extension_impl,
    attrs = {
        "c_standard": attr.string(doc = "The standard of the C sources, such as `c11`."),
        "copts": attr.string_list(doc = "More flags for the compiler."),
        "cxx_standard": attr.string(doc = "The standard of the C++ sources, such as `c++20`."),
        "defines": attr.string_dict(doc = "The macros to define, with their texts."),
        "exceptions": attr.bool(
            doc = "Whether C++ has exceptions, and C has setjmp and longjmp: the component then needs a host with WebAssembly's exceptions.",
        ),
        "hdrs": attr.label_list(doc = "Headers and other files that the sources include.", allow_files = True),
        "includes": attr.string_list(doc = "The folders of headers, relative to `source`."),
        "libraries": attr.string_list(doc = "Parts of the C library to link, such as `m`."),
        "module": attr.string(doc = "The name under which Python imports it, such as `package._module`.", mandatory = True),
        "source": attr.string(doc = "The folder in the package of `srcs` that all files are in.", default = "."),
        "srcs": attr.label_list(doc = "Sources in C and C++.", allow_files = [".c", ".cc", ".cpp", ".cxx"], mandatory = True),
    } | TRANSITION_ATTRIBUTES,
    cfg = wasi_transition,
    provides = [PyWasmExtensionInfo],
    toolchains = [TOOLCHAIN_TYPE, NATIVE_TYPE, LIBCXX_TYPE],
)

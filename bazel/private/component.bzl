"""A component: the stages `bindgen`, `compile`, `link`, `snapshot` and `component`."""

load("@rules_python//python:py_info.bzl", "PyInfo")
load("//bazel:providers.bzl", "PyWasmComponentInfo", "PyWasmExtensionInfo")
load(":actions.bzl", "NATIVE_TYPE", "TOOLCHAIN_TYPE", "add_folder", "run_stage")
load(":interpreter.bzl", "build_interpreter")
load(":places.bzl", "describe_library", "files_of", "places_of")
load(":platform.bzl", "TRANSITION_ATTRIBUTES", "wasi_transition")
load(":settings.bzl", "add_settings", "has_settings", "setting_attributes")
load(":web.bzl", "AmpouleWebInfo")
load(":wit.bzl", "WIT_ATTRIBUTES", "bindgen")
load(":wit_packages.bzl", "wit_packages")

def _compile(ctx, toolchain, interpreter, files, place, bindings):
    image = ctx.actions.declare_directory(ctx.label.name + ".image")
    extensions = ctx.actions.declare_directory(ctx.label.name + ".extensions")

    arguments = ctx.actions.args()
    arguments.add("--quiet")
    arguments.add("--interpreter", interpreter.precompiled)
    add_folder(arguments, "--stdlib-folder", interpreter.stdlib)
    arguments.add("--stdlib-imports", interpreter.imports)
    add_folder(arguments, "--bindings", bindings.modules)
    packages = [bindings.packages] if bindings.packages else []
    arguments.add_all(packages, before_each = "--package-bindings", expand_directories = False)
    own = [extension[PyWasmExtensionInfo] for extension in ctx.attr.extensions]
    for extension in own:
        arguments.add("--extension", extension.file, format = extension.module + "=%s")
    add_settings(arguments, ctx, "compile")
    add_folder(arguments, "--output", image)
    add_folder(arguments, "--reachable-extensions", extensions)

    # A list, so that an app may have more files than a command line has room for.
    listed = ctx.actions.args()
    listed.use_param_file("--files=%s", use_always = True)
    listed.set_param_file_format("multiline")
    listed.add_all(files, map_each = lambda file: place(file) + "=" + file.path, allow_closure = True)
    run_stage(
        ctx,
        toolchain.tools,
        "compile",
        [arguments, listed],
        inputs = depset(
            [interpreter.precompiled, interpreter.stdlib, interpreter.imports, bindings.modules] +
            [extension.file for extension in own] + packages,
            transitive = [files],
        ),
        outputs = [image, extensions],
    )
    return struct(image = image, extensions = extensions)

def _compiler(ctx, toolchain):
    """The interpreter that compiles the app's files: it has no seed."""
    if not has_settings(ctx, "interpreter"):
        return toolchain.interpreter
    return _started(ctx, toolchain, ctx.label.name + ".compiler", hash_seed = 0)

def _started_from(ctx, toolchain, compiler):
    """The interpreter that the app starts from."""
    if not ctx.attr.hash_seed:
        return compiler
    if ctx.attr.hash_seed < 0:
        fail("hash_seed is {}; give 0 for none, or a number up to 2147483647".format(ctx.attr.hash_seed))
    return _started(ctx, toolchain, ctx.label.name + ".interpreter", ctx.attr.hash_seed)

def _started(ctx, toolchain, name, hash_seed):
    """An interpreter whose Python is started as the app wants it."""
    native = ctx.toolchains[NATIVE_TYPE]
    return build_interpreter(
        ctx,
        toolchain.tools,
        sdk = native.sdk,
        cpython = native.cpython,
        python_version = toolchain.interpreter.python_version,
        name = name,
        hash_seed = hash_seed,
        has_settings = True,
    )

def _add_modules(arguments, bindings, compiled):
    arguments.add("--module", bindings.side_module, format = "world=%s")
    add_folder(arguments, "--extensions", compiled.extensions)

def _link(ctx, toolchain, interpreter, bindings, compiled):
    linked, layout, report = [
        ctx.actions.declare_file(ctx.label.name + name)
        for name in [".linked.wasm", ".layout.json", ".report.json"]
    ]
    base = interpreter.initialised
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    arguments.add("--base", base)
    add_settings(arguments, ctx, "link")
    _add_modules(arguments, bindings, compiled)
    arguments.add("--output", linked)
    arguments.add("--layout", layout)
    arguments.add("--report", report)
    run_stage(
        ctx,
        toolchain.tools,
        "link",
        [arguments],
        inputs = [base, bindings.side_module, compiled.extensions],
        outputs = [linked, layout, report],
    )
    return struct(linked = linked, layout = layout, report = report)

def _snapshot(ctx, toolchain, interpreter, bindings, compiled, link):
    own = [extension[PyWasmExtensionInfo].precompiled for extension in ctx.attr.extensions]
    precompiled_modules = [interpreter.precompiled_extensions] + own
    snapshot = ctx.actions.declare_file(ctx.label.name + ".snapshot.wasm")
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    arguments.add("--linked", link.linked)
    arguments.add("--layout", link.layout)
    arguments.add("--precompiled", interpreter.precompiled)
    _add_modules(arguments, bindings, compiled)
    arguments.add_all(precompiled_modules, before_each = "--precompiled-modules", expand_directories = False)
    add_folder(arguments, "--stdlib-folder", interpreter.stdlib)
    add_folder(arguments, "--image", compiled.image)
    add_settings(arguments, ctx, "snapshot")
    arguments.add("--output", snapshot)
    run_stage(
        ctx,
        toolchain.tools,
        "snapshot",
        [arguments],
        inputs = [
            link.linked,
            link.layout,
            interpreter.precompiled,
            interpreter.stdlib,
            bindings.side_module,
            compiled.extensions,
            compiled.image,
        ] + precompiled_modules,
        outputs = [snapshot],
    )
    return snapshot

def _component(ctx, toolchain, snapshot):
    component = ctx.actions.declare_file(ctx.label.name + ".wasm")
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    arguments.add("--module", snapshot)
    arguments.add("--python-version", toolchain.interpreter.python_version)
    arguments.add("--output", component)
    run_stage(ctx, toolchain.tools, "component", [arguments], inputs = [snapshot], outputs = [component])
    return component

def _py_wasm_component_impl(ctx):
    toolchain = ctx.toolchains[TOOLCHAIN_TYPE]
    files = files_of(ctx)
    place = places_of(ctx, files)
    # An attribute with a transition is a list.
    web = ctx.attr.web[0][AmpouleWebInfo].package if ctx.attr.web else None
    bindings = bindgen(ctx, ctx.label.name + ".bindings", packages = wit_packages(files, place), web = web)
    compiler = _compiler(ctx, toolchain)
    compiled = _compile(ctx, toolchain, compiler, files, place, bindings)
    interpreter = _started_from(ctx, toolchain, compiler)
    link = _link(ctx, toolchain, interpreter, bindings, compiled)
    snapshot = _snapshot(ctx, toolchain, interpreter, bindings, compiled, link)
    component = _component(ctx, toolchain, snapshot)
    return [
        PyWasmComponentInfo(
            bindings = bindings.modules,
            component = component,
            image = compiled.image,
            report = link.report,
        ),
        DefaultInfo(files = depset([component]), runfiles = ctx.runfiles([component])),
        OutputGroupInfo(
            bindings = depset([bindings.modules, bindings.side_module]),
            image = depset([compiled.image, compiled.extensions]),
            linked = depset([link.linked, link.layout]),
            report = depset([link.report]),
            snapshot = depset([snapshot]),
        ),
    ]

def _rule(toolchains):
    return rule(
        doc = "A Python application as a WebAssembly component.",
        implementation = _py_wasm_component_impl,
        attrs = setting_attributes(["interpreter", "compile", "link", "snapshot"]) | {
            "data": attr.label_list(
                doc = "Files that the app reads, at their places beside the sources.",
                allow_files = True,
                cfg = wasi_transition,
            ),
            "deps": attr.label_list(
                doc = "Python libraries.",
                aspects = [describe_library],
                cfg = wasi_transition,
                providers = [PyInfo],
            ),
            "extensions": attr.label_list(doc = "Extension modules in C and C++.", providers = [PyWasmExtensionInfo]),
            "hash_seed": attr.int(
                doc = "The seed of the hashes of strings, from 1 to 2147483647; 0 for none. Each seed has an interpreter of its own, which takes a minute to build.",
            ),
            "imports": attr.string_list(doc = "The app's folders on the Python path, relative to the package.", default = ["."]),
            "srcs": attr.label_list(
                doc = "Python sources.",
                allow_files = [".py", ".pyi"],
                cfg = wasi_transition,
                mandatory = True,
            ),
            "web": attr.label(
                doc = "By what a web application is served, which is one of `deps` too.",
                cfg = wasi_transition,
                providers = [AmpouleWebInfo],
            ),
        } | TRANSITION_ATTRIBUTES | WIT_ATTRIBUTES,
        provides = [PyWasmComponentInfo],
        toolchains = [TOOLCHAIN_TYPE] + toolchains,
    )

py_wasm_component_rule = _rule([])

# One whose Python is started in another way: the interpreter is built for it. Nothing else has Bazel fetch what that takes.
py_wasm_component_with_interpreter_rule = _rule([NATIVE_TYPE])

# The attributes by which an app has an interpreter of its own.
INTERPRETER_ATTRIBUTES = ["hash_seed"] + setting_attributes(["interpreter"]).keys()

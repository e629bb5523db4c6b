"""The toolchain: Ampoule's programs, and the interpreter that they build from pinned inputs."""

load("//bazel:providers.bzl", "AmpouleInterpreterInfo", "AmpouleToolsInfo")
load(":actions.bzl", "LIBCXX_TYPE", "NATIVE_TYPE", "STAGES", "TOOLCHAIN_TYPE", "add_folder", "run_stage")
load(":archives.bzl", "ARCHIVES", "add_archives")
load(":interpreter.bzl", "build_interpreter", "files_of_interpreter")

_TOOLS = {"tools": attr.label(cfg = "exec", mandatory = True, providers = [AmpouleToolsInfo])}

def _input():
    return attr.label(allow_single_file = True, mandatory = True)

def _ampoule_tools_impl(ctx):
    programs = {file.basename.removesuffix(".exe"): file for file in ctx.files.programs}
    wanted = {stage: "ampoule-" + stage for stage in STAGES}
    missing = [name for name in wanted.values() + ["ampoule"] if name not in programs]
    if missing:
        fail("{} lacks the programs {}".format(ctx.label, ", ".join(missing)))
    return [
        AmpouleToolsInfo(
            ampoule = programs["ampoule"],
            stages = {stage: programs[name] for stage, name in wanted.items()},
        ),
        DefaultInfo(files = depset(ctx.files.programs)),
    ]

ampoule_tools = rule(
    doc = "Ampoule's own programs.",
    implementation = _ampoule_tools_impl,
    attrs = {"programs": attr.label_list(doc = "The programs: `ampoule` and `ampoule-<stage>`.", allow_files = True)},
    provides = [AmpouleToolsInfo],
)

def _put_together(stage):
    """The implementation of a rule whose stage makes a folder of archives alone."""

    def implementation(ctx):
        folder = ctx.actions.declare_directory(ctx.label.name)
        arguments = ctx.actions.args()
        archives = add_archives(arguments, ctx.attr.archives)
        add_folder(arguments, "--output", folder)
        run_stage(
            ctx,
            ctx.attr.tools[AmpouleToolsInfo],
            stage,
            [arguments],
            inputs = archives,
            outputs = [folder],
            many_cores = True,
            toolchain = None,
        )
        return [DefaultInfo(files = depset([folder]))]

    return implementation

ampoule_sdk = rule(
    doc = "The C and C++ compiler with the C library, put together from pinned packages.",
    implementation = _put_together("sdk"),
    attrs = ARCHIVES | _TOOLS,
)

def _libcxx_impl(ctx):
    libcxx = ctx.actions.declare_directory(ctx.label.name)
    arguments = ctx.actions.args()
    add_folder(arguments, "--sdk", ctx.file.sdk)
    archives = add_archives(arguments, ctx.attr.archives)
    if ctx.attr.exceptions:
        arguments.add("--exceptions")
    add_folder(arguments, "--output", libcxx)
    run_stage(
        ctx,
        ctx.attr.tools[AmpouleToolsInfo],
        "libcxx",
        [arguments],
        inputs = [ctx.file.sdk] + archives,
        outputs = [libcxx],
        many_cores = True,
        toolchain = None,
    )
    return [DefaultInfo(files = depset([libcxx]))]

ampoule_libcxx = rule(
    doc = "The C++ libraries. Only extension modules in C++ need them, so that nothing else has Bazel run the action.",
    implementation = _libcxx_impl,
    attrs = {
        "exceptions": attr.bool(doc = "Whether they have exceptions."),
        "sdk": _input(),
    } | ARCHIVES | _TOOLS,
)

ampoule_rust = rule(
    doc = "Rust's compiler. Only extension modules in Rust need it, so that nothing else has Bazel fetch it.",
    implementation = _put_together("rust"),
    attrs = ARCHIVES | _TOOLS,
)

def _cpython_impl(ctx):
    cpython = ctx.actions.declare_directory(ctx.label.name)
    arguments = ctx.actions.args()
    add_folder(arguments, "--sdk", ctx.file.sdk)
    archives = add_archives(arguments, ctx.attr.archives)
    add_folder(arguments, "--output", cpython)
    run_stage(
        ctx,
        ctx.attr.tools[AmpouleToolsInfo],
        "cpython",
        [arguments],
        inputs = [ctx.file.sdk] + archives,
        outputs = [cpython],
        many_cores = True,
        toolchain = None,
    )
    return [DefaultInfo(files = depset([cpython]))]

ampoule_cpython = rule(
    doc = "CPython compiled to WebAssembly: objects, headers, standard library, extension modules.",
    implementation = _cpython_impl,
    attrs = {"sdk": _input()} | ARCHIVES | _TOOLS,
)

def _interpreter_impl(ctx):
    interpreter = build_interpreter(
        ctx,
        ctx.attr.tools[AmpouleToolsInfo],
        sdk = ctx.file.sdk,
        cpython = ctx.file.cpython,
        python_version = ctx.attr.python_version,
        name = ctx.label.name,
        toolchain = None,
    )
    return [interpreter, DefaultInfo(files = depset(files_of_interpreter(interpreter)))]

ampoule_interpreter = rule(
    doc = "The interpreter with the guest runtime, initialised and precompiled.",
    implementation = _interpreter_impl,
    attrs = {
        "cpython": _input(),
        "python_version": attr.string(doc = "The version of CPython.", mandatory = True),
        "sdk": _input(),
    } | _TOOLS,
    provides = [AmpouleInterpreterInfo],
)

def _toolchain_impl(ctx):
    return [platform_common.ToolchainInfo(
        interpreter = ctx.attr.interpreter[AmpouleInterpreterInfo],
        tools = ctx.attr.tools[AmpouleToolsInfo],
    )]

ampoule_toolchain = rule(
    doc = "What the rules for components need.",
    implementation = _toolchain_impl,
    attrs = {
        "interpreter": attr.label(cfg = "exec", mandatory = True, providers = [AmpouleInterpreterInfo]),
    } | _TOOLS,
)

def _files_toolchain(doc, names):
    """A rule for a toolchain of files and folders with these names."""

    def implementation(ctx):
        return [platform_common.ToolchainInfo(**{name: getattr(ctx.file, name) for name in names})]

    attributes = {name: attr.label(allow_single_file = True, cfg = "exec", mandatory = True) for name in names}
    return rule(doc = doc, implementation = implementation, attrs = attributes)

native_toolchain = _files_toolchain("What native code is compiled with.", ["cpython", "sdk"])
libcxx_toolchain = _files_toolchain("The C++ libraries.", ["libcxx", "with_exceptions"])
rust_toolchain = _files_toolchain("Rust's compiler.", ["rust"])

def _web_toolchain_impl(ctx):
    return [platform_common.ToolchainInfo(archives = ctx.attr.archives)]

web_toolchain = rule(
    doc = "The archives with the WIT by which web applications are served.",
    implementation = _web_toolchain_impl,
    attrs = ARCHIVES,
)

def _current_toolchain_impl(ctx):
    toolchain = ctx.toolchains[TOOLCHAIN_TYPE]
    interpreter = toolchain.interpreter
    native = ctx.toolchains[NATIVE_TYPE]
    programs = [toolchain.tools.ampoule] + toolchain.tools.stages.values()
    return [
        toolchain,
        DefaultInfo(files = depset(files_of_interpreter(interpreter))),
        OutputGroupInfo(
            cpython = depset([native.cpython]),
            libcxx = depset([ctx.toolchains[LIBCXX_TYPE].libcxx]),
            sdk = depset([native.sdk]),
            tools = depset(programs),
        ),
    ]

current_toolchain = rule(
    doc = "The toolchain that Bazel chooses for this build. By default it builds the interpreter.",
    implementation = _current_toolchain_impl,
    toolchains = [TOOLCHAIN_TYPE, NATIVE_TYPE, LIBCXX_TYPE],
)

"""The toolchain: Ampoule's programs, and the interpreter that they build from pinned inputs, or that a release has."""

load("//bazel:providers.bzl", "AmpouleInterpreterInfo", "AmpouleToolsInfo")
load(
    ":actions.bzl",
    "LIBCXX_TYPE",
    "NATIVE_TYPE",
    "RUST_TYPE",
    "STAGES",
    "TOOLCHAIN_TYPE",
    "WEB_TYPE",
    "add_folder",
    "run_stage",
)
load(":archives.bzl", "ARCHIVES", "add_archives")
load(":interpreter.bzl", "build_interpreter", "files_of_interpreter")
load(":prefilled.bzl", "prefilled_folder", "prefilled_interpreter")

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

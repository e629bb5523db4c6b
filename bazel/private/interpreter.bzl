"""The stage `interpreter`: once per toolchain, and once more for an app whose Python is started in another way."""

load("//bazel:providers.bzl", "AmpouleInterpreterInfo")
load(":actions.bzl", "TOOLCHAIN_TYPE", "add_folder", "folder_of", "run_stage")
load(":settings.bzl", "add_settings")

def files_of_interpreter(interpreter):
    """What the stage gives.

    Args:
      interpreter: AmpouleInterpreterInfo.

    Returns:
      a list of files and folders.
    """
    return [
        interpreter.base,
        interpreter.initialised,
        interpreter.precompiled,
        interpreter.imports,
        interpreter.stdlib,
        interpreter.precompiled_extensions,
    ]

def declare_interpreter(ctx, name, python_version):
    """Declares what the stage gives.

    Args:
      ctx: the rule's context.
      name: the folder of the outputs.
      python_version: the version of CPython.

    Returns:
      AmpouleInterpreterInfo.
    """
    file = lambda path: ctx.actions.declare_file(name + "/" + path)
    folder = lambda path: ctx.actions.declare_directory(name + "/" + path)
    return AmpouleInterpreterInfo(
        base = file("base.wasm"),
        imports = file("imports.json"),
        initialised = file("initialised.wasm"),
        precompiled = file("initialised.cwasm"),
        precompiled_extensions = folder("precompiled-extensions"),
        python_version = python_version,
        stdlib = folder("lib/python" + ".".join(python_version.split(".")[:2])),
    )

def build_interpreter(
        ctx,
        tools,
        sdk,
        cpython,
        python_version,
        name,
        hash_seed = 0,
        has_settings = False,
        toolchain = TOOLCHAIN_TYPE):
    """Registers the action that builds and initialises an interpreter.

    Args:
      ctx: the rule's context.
      tools: AmpouleToolsInfo.
      sdk: the folder of the stage `sdk`.
      cpython: the folder of the stage `cpython`.
      python_version: the version of CPython.
      name: the folder of the outputs.
      hash_seed: the seed of the hashes of strings, 0 for none.
      has_settings: whether the rule has the attributes of the settings that the stage reads.
      toolchain: the toolchain type that the program belongs to; None inside the toolchain itself.

    Returns:
      AmpouleInterpreterInfo.
    """
    interpreter = declare_interpreter(ctx, name, python_version)
    arguments = ctx.actions.args()
    add_folder(arguments, "--sdk", sdk)
    add_folder(arguments, "--cpython", cpython)
    if hash_seed:
        arguments.add("--hash-seed", hash_seed)
    if has_settings:
        add_settings(arguments, ctx, "interpreter")
    arguments.add_all([interpreter.base], before_each = "--output", map_each = folder_of)
    run_stage(
        ctx,
        tools,
        "interpreter",
        [arguments],
        inputs = [sdk, cpython],
        outputs = files_of_interpreter(interpreter),
        many_cores = True,
        toolchain = toolchain,
    )
    return interpreter

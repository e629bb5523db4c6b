"""The stage `interpreter`: once per toolchain, and once more for an app whose Python is started in another way."""

load("//bazel:providers.bzl", "AmpouleInterpreterInfo")
load(":actions.bzl", "TOOLCHAIN_TYPE", "add_folder", "folder_of", "run_stage")
load(":settings.bzl", "add_settings")

def interpreter_files(python_version):
    """The names of the files and folders that the stage writes, by the fields of AmpouleInterpreterInfo.

    Args:
      python_version: the version of CPython.

    Returns:
      a dict.
    """
    return {
        "base": "base.wasm",
        "imports": "imports.json",
        "initialised": "initialised.wasm",
        "precompiled": "initialised.cwasm",
        "precompiled_extensions": "precompiled-extensions",
        "stdlib": "lib/python" + ".".join(python_version.split(".")[:2]),
    }

# Those of them that are folders.
_FOLDERS = ["precompiled_extensions", "stdlib"]

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
    files = {}
    for field, file in interpreter_files(python_version).items():
        declare = ctx.actions.declare_directory if field in _FOLDERS else ctx.actions.declare_file
        files[field] = declare(name + "/" + file)
    arguments = ctx.actions.args()
    add_folder(arguments, "--sdk", sdk)
    add_folder(arguments, "--cpython", cpython)
    if hash_seed:
        arguments.add("--hash-seed", hash_seed)
    if has_settings:
        add_settings(arguments, ctx, "interpreter")
    arguments.add_all([files["base"]], before_each = "--output", map_each = folder_of)
    interpreter = AmpouleInterpreterInfo(python_version = python_version, **files)
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

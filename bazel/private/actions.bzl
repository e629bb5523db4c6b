"""One action per stage: declared inputs only, no shell, no environment."""

TOOLCHAIN_TYPE = Label("//bazel:toolchain_type")
NATIVE_TYPE = Label("//bazel:native_toolchain_type")
LIBCXX_TYPE = Label("//bazel:libcxx_toolchain_type")
RUST_TYPE = Label("//bazel:rust_toolchain_type")
WEB_TYPE = Label("//bazel:web_toolchain_type")

STAGES = [
    "unpack",
    "sdk",
    "cpython",
    "interpreter",
    "libcxx",
    "rust",
    "cargo",
    "prepare",
    "extension",
    "pack",
    "wheels",
    "web",
    "bindgen",
    "compile",
    "link",
    "precompile",
    "snapshot",
    "component",
]

def run_stage(ctx, tools, stage, arguments, inputs, outputs, many_cores = False, toolchain = TOOLCHAIN_TYPE):
    """Registers the action of a stage.

    Args:
      ctx: the rule's context.
      tools: AmpouleToolsInfo.
      stage: the name of the stage.
      arguments: Args objects.
      inputs: a list or depset of files.
      outputs: a list of files.
      many_cores: whether the stage keeps several processors busy.
      toolchain: the toolchain type that the program belongs to; None inside the toolchain itself.
    """
    ctx.actions.run(
        mnemonic = "Ampoule" + stage.capitalize(),
        progress_message = "Ampoule: {} of %{{label}}".format(stage),
        executable = tools.stages[stage],
        arguments = arguments,
        inputs = inputs,
        outputs = outputs,
        env = {},
        use_default_shell_env = False,
        execution_requirements = {"supports-path-mapping": ""},
        resource_set = _several_cores if many_cores else None,
        toolchain = toolchain,
    )

def _several_cores(_os, _inputs):
    return {"cpu": 4}

def folder_of(file):
    """The folder of a file, for `Args.add_all(map_each = ...)`: unlike a string, it follows path mapping."""
    return file.dirname

def add_folder(arguments, flag, folder):
    """Adds a flag with a folder: `Args.add` takes files only.

    Args:
      arguments: an Args object.
      flag: the flag.
      folder: the folder.
    """
    arguments.add_all([folder], before_each = flag, expand_directories = False)

"""The toolchain's results as a release has them: an archive for each of its parts, unpacked in place of the stage of that name."""

load("//bazel:providers.bzl", "AmpouleInterpreterInfo", "AmpouleToolsInfo")
load(":actions.bzl", "add_folder", "folder_of", "run_stage")
load(":interpreter.bzl", "declare_interpreter", "files_of_interpreter")

# The parts of the toolchain that a release has, each as the pin `ampoule-PART`.
PARTS = ["cpython", "interpreter", "sdk"]

_ATTRIBUTES = {
    "archive": attr.label(doc = "The archive.", allow_single_file = True, mandatory = True),
    "tools": attr.label(cfg = "exec", mandatory = True, providers = [AmpouleToolsInfo]),
    "unpack": attr.string_list(doc = "The flags that say how it is unpacked.", mandatory = True),
}

def unpacking_flags(pin, file):
    """How a pinned archive is unpacked, as flags of the stage `unpack`.

    Args:
      pin: the pin.
      file: one of its files.

    Returns:
      a list of strings.
    """
    return [
        "--format=" + pin["unpack"]["format"],
        "--strip={}".format(pin["unpack"]["strip"]),
        "--bytes={}".format(file["limit"]["bytes"]),
        "--entries={}".format(file["limit"]["entries"]),
    ]

def _unpack(ctx, outputs, add_output):
    arguments = ctx.actions.args()
    arguments.add("--archive", ctx.file.archive)
    arguments.add_all(ctx.attr.unpack)
    add_output(arguments)
    run_stage(
        ctx,
        ctx.attr.tools[AmpouleToolsInfo],
        "unpack",
        [arguments],
        inputs = [ctx.file.archive],
        outputs = outputs,
        toolchain = None,
    )
    return DefaultInfo(files = depset(outputs))

def _prefilled_folder_impl(ctx):
    folder = ctx.actions.declare_directory(ctx.label.name)
    return [_unpack(ctx, [folder], lambda arguments: add_folder(arguments, "--output", folder))]

prefilled_folder = rule(
    doc = "What the stage `sdk` or `cpython` gave for a release.",
    implementation = _prefilled_folder_impl,
    attrs = _ATTRIBUTES,
)

def _prefilled_interpreter_impl(ctx):
    interpreter = declare_interpreter(ctx, ctx.label.name, ctx.attr.python_version)
    outputs = files_of_interpreter(interpreter)
    add_output = lambda arguments: arguments.add_all([interpreter.base], before_each = "--output", map_each = folder_of)
    return [interpreter, _unpack(ctx, outputs, add_output)]

prefilled_interpreter = rule(
    doc = "What the stage `interpreter` gave for a release.",
    implementation = _prefilled_interpreter_impl,
    attrs = _ATTRIBUTES | {
        "python_version": attr.string(doc = "The version of CPython.", mandatory = True),
    },
    provides = [AmpouleInterpreterInfo],
)

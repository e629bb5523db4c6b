"""Programs that call a component's exports, or serve it."""

load(":actions.bzl", "TOOLCHAIN_TYPE")

def _component_program_impl(ctx):
    program = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(
        output = program,
        target_file = ctx.toolchains[TOOLCHAIN_TYPE].tools.ampoule,
        is_executable = True,
    )
    return [DefaultInfo(executable = program, runfiles = ctx.runfiles(ctx.files.data))]

_ATTRIBUTES = {
    "data": attr.label_list(doc = "The component and the file of calls: what the arguments name.", mandatory = True),
}

component_calls_test = rule(
    doc = "Runs `ampoule run` as a test; the macro gives its arguments.",
    implementation = _component_program_impl,
    attrs = _ATTRIBUTES,
    test = True,
    toolchains = [TOOLCHAIN_TYPE],
)

component_program = rule(
    doc = "Runs `ampoule` as a program of `bazel run`; the macro gives its first arguments.",
    implementation = _component_program_impl,
    attrs = _ATTRIBUTES,
    executable = True,
    toolchains = [TOOLCHAIN_TYPE],
)

def _calls_file_impl(ctx):
    file = ctx.actions.declare_file(ctx.label.name)
    lines = ["{}\n= {}\n".format(call, result) for call, result in ctx.attr.calls.items()]
    ctx.actions.write(file, "".join(lines))
    return [DefaultInfo(files = depset([file]))]

calls_file = rule(
    doc = "The file of calls and their results that `ampoule run --calls` reads.",
    implementation = _calls_file_impl,
    attrs = {"calls": attr.string_dict(mandatory = True)},
)

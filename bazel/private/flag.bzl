"""A build setting with a few values."""

def _choice_flag_impl(ctx):
    if ctx.build_setting_value not in ctx.attr.values:
        fail("{} = {} is not one of: {}".format(ctx.label, ctx.build_setting_value, ", ".join(ctx.attr.values)))
    return []

choice_flag = rule(
    doc = "A flag on the command line of Bazel that takes one of a few values.",
    implementation = _choice_flag_impl,
    attrs = {
        "values": attr.string_list(doc = "The values that the flag can have.", mandatory = True),
    },
    build_setting = config.string(flag = True),
)

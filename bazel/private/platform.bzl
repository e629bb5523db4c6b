"""The platform that the content of a component is chosen for."""

def _wasi_impl(_settings, _attr):
    return {"//command_line_option:platforms": [str(Label("//bazel:wasi"))]}

# For attributes and rules: a `select` on `@platforms//os:wasi` chooses what a component has.
wasi_transition = transition(
    implementation = _wasi_impl,
    inputs = [],
    outputs = ["//command_line_option:platforms"],
)

# What Bazel asks of every rule with a transition.
TRANSITION_ATTRIBUTES = {
    "_allowlist_function_transition": attr.label(
        default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
    ),
}

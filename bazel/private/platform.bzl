"""The platform that the content of a component is chosen for."""

_PLATFORMS = "//command_line_option:platforms"
_CONTENT = str(Label("//bazel:content"))

def _wasi_impl(settings, _attr):
    platforms = {"target": settings[_PLATFORMS], "wasi": [str(Label("//bazel:wasi"))]}
    content = settings[_CONTENT]
    if content not in platforms:
        fail("--@ampoule//bazel:content={} is not one of: {}".format(content, ", ".join(platforms)))
    return {_PLATFORMS: platforms[content]}

# For attributes and rules: a `select` on `@platforms//os:wasi` chooses what a component has.
wasi_transition = transition(
    implementation = _wasi_impl,
    inputs = [_CONTENT, _PLATFORMS],
    outputs = [_PLATFORMS],
)

# What Bazel asks of every rule with a transition.
TRANSITION_ATTRIBUTES = {
    "_allowlist_function_transition": attr.label(
        default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
    ),
}

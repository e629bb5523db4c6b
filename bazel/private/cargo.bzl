"""Ampoule's programs from source: one action that runs cargo over vendored crates."""

load("//bazel:providers.bzl", "AmpouleToolsInfo")
load(":actions.bzl", "STAGES")

# What cargo and rustc find linker and C compiler by. The actions of the product have no environment at all.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin"}

def _cargo_tools_impl(ctx):
    builder = ctx.actions.declare_file(ctx.label.name + ".builder")
    arguments = ctx.actions.args()
    arguments.add("-O")
    arguments.add("--edition=2024")
    arguments.add("-o", builder)
    arguments.add(ctx.file.builder)
    ctx.actions.run(
        mnemonic = "AmpouleBuilder",
        executable = ctx.file.rustc,
        arguments = [arguments],
        inputs = [ctx.file.builder] + ctx.files.rust,
        outputs = [builder],
        env = _ENVIRONMENT,
    )

    names = ["ampoule"] + ["ampoule-" + stage for stage in STAGES]
    programs = {name: ctx.actions.declare_file("{}/{}".format(ctx.label.name, name)) for name in names}
    arguments = ctx.actions.args()
    arguments.add(ctx.file.rustc.dirname)
    arguments.add(ctx.file.crates.path)
    arguments.add(ctx.file.manifest)
    arguments.add(programs["ampoule"].dirname)
    arguments.add_all(names)
    ctx.actions.run(
        mnemonic = "AmpouleCargo",
        progress_message = "Ampoule: building its programs with cargo",
        executable = builder,
        arguments = [arguments],
        inputs = ctx.files.srcs + ctx.files.rust + [ctx.file.crates, ctx.file.manifest, ctx.file.rustc],
        outputs = programs.values(),
        env = _ENVIRONMENT,
    )
    return [
        AmpouleToolsInfo(
            ampoule = programs["ampoule"],
            stages = {stage: programs["ampoule-" + stage] for stage in STAGES},
        ),
        DefaultInfo(files = depset(programs.values())),
    ]

cargo_tools = rule(
    doc = "Ampoule's own programs, built from source.",
    implementation = _cargo_tools_impl,
    attrs = {
        "builder": attr.label(doc = "The program that runs cargo.", allow_single_file = [".rs"], mandatory = True),
        "crates": attr.label(doc = "The folder of vendored crates.", allow_single_file = True, mandatory = True),
        "manifest": attr.label(doc = "The workspace's Cargo.toml.", allow_single_file = True, mandatory = True),
        "rust": attr.label(doc = "The Rust toolchain.", mandatory = True),
        "rustc": attr.label(doc = "Its compiler.", allow_single_file = True, mandatory = True),
        "srcs": attr.label_list(doc = "The workspace's sources.", allow_files = True, mandatory = True),
    },
    provides = [AmpouleToolsInfo],
)

"""What stands between wasi:http and a web application: the stage `web`."""

load("@rules_python//python:py_info.bzl", "PyInfo")
load(":actions.bzl", "TOOLCHAIN_TYPE", "WEB_TYPE", "folder_of", "run_stage")
load(":archives.bzl", "add_archives")
load(":settings.bzl", "add_settings", "setting_attributes")

AmpouleWebInfo = provider(
    doc = "What stands between wasi:http and a web application.",
    fields = {"package": "File: the folder of its WIT, with the file that names it."},
)

# The module that the host calls, which hands on to the application.
WEB_APP = "ampoule_web.app"

def _web_impl(ctx):
    toolchain = ctx.toolchains[TOOLCHAIN_TYPE]
    python, package = [ctx.actions.declare_directory(ctx.label.name + "/" + part) for part in ["python", "package"]]
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    archives = add_archives(arguments, ctx.toolchains[WEB_TYPE].archives)
    add_settings(arguments, ctx, "web")
    arguments.add_all([python], before_each = "--output", map_each = folder_of, expand_directories = False)
    run_stage(ctx, toolchain.tools, "web", [arguments], inputs = archives, outputs = [python, package])
    files = depset([python])
    place = "/".join([part for part in [
        ctx.label.workspace_name or ctx.workspace_name,
        ctx.label.package,
        ctx.label.name,
        "python",
    ] if part])
    return [
        AmpouleWebInfo(package = package),
        DefaultInfo(files = files, runfiles = ctx.runfiles(transitive_files = files)),
        PyInfo(imports = depset([place]), transitive_sources = files),
    ]

web_library = rule(
    doc = "The Python library by which a web application is served over wasi:http, and HTTP clients reach it.",
    implementation = _web_impl,
    attrs = setting_attributes(["web"]),
    provides = [PyInfo, AmpouleWebInfo],
    toolchains = [TOOLCHAIN_TYPE, WEB_TYPE],
)

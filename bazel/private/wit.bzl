"""WIT and the stage `bindgen`."""

load("@rules_python//python:py_info.bzl", "PyInfo")
load("//bazel:providers.bzl", "WitBindingsInfo")
load(":actions.bzl", "TOOLCHAIN_TYPE", "add_folder", "folder_of", "run_stage")
load(":settings.bzl", "add_settings", "setting_attributes")

WIT_ATTRIBUTES = setting_attributes(["bindgen"]) | {
    "world": attr.string(doc = "The world; `worlds` are several."),
    "wit": attr.label_list(
        doc = "The files of the WIT packages, as text or in the binary form. Files in one folder, and in the folders below it, are " +
              "one package with its `deps`.",
        allow_files = [".wit", ".wasm"],
    ),
}

def _packages(files):
    """The files that stand for a WIT package each: a folder's first file, or the file itself where it is alone.

    Returns:
      a pair: the files whose folders are packages, and the files that are packages.
    """
    by_folder = {}
    for file in files:
        by_folder.setdefault(file.dirname, []).append(file)
    folders, alone = [], []
    for folder, members in by_folder.items():
        is_below = [other for other in by_folder if folder.startswith(other + "/")]
        has_below = [other for other in by_folder if other.startswith(folder + "/")]
        if is_below:
            continue
        binary = [file for file in members if file.extension == "wasm"]
        texts = [file for file in members if file.extension != "wasm"]
        alone += binary
        if len(texts) == 1 and not has_below:
            alone += texts
        elif texts:
            folders.append(texts[0])
    return folders, alone

def _together(ctx, name, files):
    """The files in one tree: where an action makes some of them, as all of one package may be in one folder, links to all."""
    if len({file.root.path: None for file in files}) < 2:
        return files
    links = []
    for file in files:
        link = ctx.actions.declare_file("{}.wit/{}".format(name, file.short_path.removeprefix("../")))
        ctx.actions.symlink(output = link, target_file = file)
        links.append(link)
    return links

def _add_packages(arguments, ctx, name, packages, web):
    """Adds the Python packages that have WIT of their own; gives their files."""
    inputs = []
    for package in packages:
        files = _together(ctx, name + ".packages", package.files)
        arguments.add_all(files[:1], before_each = "--package", format_each = package.name + "=%s", map_each = folder_of)
        inputs += files
    if web:
        arguments.add_all([web], before_each = "--package", format_each = "ampoule_web=%s", expand_directories = False)
        inputs.append(web)
    return inputs

def bindgen(ctx, name, stubs = False, packages = [], web = None):
    """Registers the action of the stage `bindgen`.

    Args:
      ctx: the context of a rule with WIT_ATTRIBUTES.
      name: the name of the output folder.
      stubs: whether to write the modules for editors and type checkers only.
      packages: the Python packages that have WIT of their own, as `wit_packages` gives them.
      web: the folder of the WIT by which a web application is served, if there is one.

    Returns:
      a struct with `modules`, the folder of the Python modules, `packages`, that of the modules for `packages` and `web`, and `side_module`, the world's
      side module unless these are stubs.
    """
    if not ctx.files.wit and not packages and not web:
        fail("{}: `wit` names the files of the WIT packages".format(ctx.label))
    wit = _together(ctx, name, ctx.files.wit)
    folders, alone = _packages(wit)
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    arguments.add_all(folders, before_each = "--wit", map_each = folder_of)
    arguments.add_all(alone, before_each = "--wit")
    if ctx.attr.world:
        arguments.add(ctx.attr.world, format = "--world=%s")
    # Packages with WIT of their own come with their own modules for editors.
    add_settings(arguments, ctx, "bindgen", without = ["wit", "module_worlds"] if stubs else ["wit"])
    inputs = wit + _add_packages(arguments, ctx, name, packages, web)
    package_modules = None
    if stubs:
        arguments.add("--stubs")
        modules, side_module = ctx.actions.declare_directory(name), None
        outputs = [modules]
        add_folder(arguments, "--output", modules)
    else:
        modules = ctx.actions.declare_directory(name + "/python")
        side_module = ctx.actions.declare_file(name + "/world.so")
        outputs = [modules, side_module]
        if packages or web:
            package_modules = ctx.actions.declare_directory(name + "/packages")
            outputs.append(package_modules)
        arguments.add_all([side_module], before_each = "--output", map_each = folder_of)
    run_stage(
        ctx,
        ctx.toolchains[TOOLCHAIN_TYPE].tools,
        "bindgen",
        [arguments],
        inputs = inputs,
        outputs = outputs,
    )
    return struct(modules = modules, packages = package_modules, side_module = side_module)

def _wit_bindings_impl(ctx):
    modules = bindgen(ctx, ctx.label.name, stubs = True).modules
    files = depset([modules])
    place = "/".join([part for part in [
        ctx.label.workspace_name or ctx.workspace_name,
        ctx.label.package,
        ctx.label.name,
    ] if part])
    return [
        DefaultInfo(files = files, runfiles = ctx.runfiles(transitive_files = files)),
        PyInfo(imports = depset([place]), transitive_sources = files),
        WitBindingsInfo(modules = modules),
    ]

wit_bindings_rule = rule(
    doc = "The Python modules of a world as a Python library, for editors, type checkers and tests.",
    implementation = _wit_bindings_impl,
    attrs = WIT_ATTRIBUTES,
    provides = [PyInfo, WitBindingsInfo],
    toolchains = [TOOLCHAIN_TYPE],
)

"""Where an app's files go in the component: package paths are kept."""

load("@rules_python//python:py_info.bzl", "PyInfo")
load("//bazel:providers.bzl", "WitBindingsInfo")

def _runfiles_path(workspace, file):
    """The path of a file below the folder of all repositories, as `imports` has it."""
    return file.short_path.removeprefix("../") if file.short_path.startswith("../") else workspace + "/" + file.short_path

def _normalised(path):
    parts = []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                fail("the import path {} leaves the workspace".format(path))
            parts.pop()
        elif part not in ["", "."]:
            parts.append(part)
    return "/".join(parts)

def _folders(ctx, imports):
    """The folders of the Python path that the `imports` of the target are."""
    package = "/".join([ctx.label.workspace_name or ctx.workspace_name, ctx.label.package])
    return [_normalised(package + "/" + path) for path in imports]

_LibraryInfo = provider(
    doc = "A library with those that it depends on.",
    fields = {
        "bindings": "depset of File: the folders of bindings among them.",
        "sources": "depset of structs: the files of each, and the folders of the Python path that these may be in.",
    },
)

def _describe_library_impl(target, ctx):
    deps = getattr(ctx.rule.attr, "deps", [])
    deps = [library[_LibraryInfo] for library in deps if _LibraryInfo in library] if type(deps) == "list" else []
    bindings = [target[WitBindingsInfo].modules] if WitBindingsInfo in target else []
    sources = []
    if hasattr(ctx.rule.attr, "imports"):
        files = getattr(ctx.rule.files, "srcs", []) + getattr(ctx.rule.files, "data", [])
        sources.append(struct(files = depset(files), folders = tuple(_folders(ctx, ctx.rule.attr.imports))))
    return [_LibraryInfo(
        bindings = depset(bindings, transitive = [library.bindings for library in deps]),
        sources = depset(sources, transitive = [library.sources for library in deps]),
    )]

describe_library = aspect(
    doc = "Finds out of which library a file is, and the bindings among them, in place of which an app has its own.",
    implementation = _describe_library_impl,
    attr_aspects = ["deps"],
)

def _is_in(path, folder):
    return (path + "/").startswith(folder + "/")

def _longest(folders, path):
    """The innermost of the folders that a path is in or is, or None."""
    found = None
    for folder in folders:
        if _is_in(path, folder) and (found == None or len(folder) > len(found)):
            found = folder
    return found

def _unique(values):
    return {value: None for value in values}.keys()

def files_of(ctx):
    """The files of an app: its own and those of the libraries it depends on, but for the bindings among them.

    Args:
      ctx: the context of a rule with `srcs`, `data`, and `deps` that `describe_library` has gone through.

    Returns:
      a depset of files.
    """
    libraries = ctx.attr.deps
    files = depset(
        ctx.files.srcs + ctx.files.data,
        transitive = [library[PyInfo].transitive_sources for library in libraries] +
                     [library[DefaultInfo].default_runfiles.files for library in libraries],
    )
    bindings = depset(transitive = [library[_LibraryInfo].bindings for library in libraries]).to_list()
    return files if not bindings else depset([file for file in files.to_list() if file not in bindings])

def _folders_of_files(ctx, others):
    """A function that gives the folders of the Python path that a file may be in: its target's own, or `others` if none is known.

    Files of a folder that an action makes are of the folder's target.
    """
    own = struct(files = depset(ctx.files.srcs + ctx.files.data), folders = tuple(_folders(ctx, ctx.attr.imports)))
    libraries = depset(transitive = [library[_LibraryInfo].sources for library in ctx.attr.deps]).to_list()
    by_file, by_folder = {}, {}
    for target in [own] + libraries:
        for file in target.files.to_list():
            by_file.setdefault(file.short_path, target.folders)
            if file.is_directory:
                by_folder.setdefault(file.short_path, target.folders)

    def folders_of(file):
        if file.short_path in by_file:
            return by_file[file.short_path]
        made = [folder for folder in by_folder if _is_in(file.short_path, folder)]
        return by_folder[made[0]] if made else others

    return folders_of

def places_of(ctx, files):
    """A function that gives a file's place in the component: `/app/...` for what is below the first folder of the Python path.

    The folders of the Python path are the target's own `imports`, then those of its libraries, then the repositories
    themselves. A file is in the innermost of its own target's folders that holds it.

    Args:
      ctx: the context of a rule with `srcs`, `data`, `imports` and `deps`.
      files: a depset of files.

    Returns:
      a function from a File to a string.
    """
    workspace = ctx.workspace_name
    own = _folders(ctx, ctx.attr.imports)
    imports = depset(transitive = [library[PyInfo].imports for library in ctx.attr.deps])
    of_libraries = [_normalised(folder) for folder in imports.to_list()]
    folders_of = _folders_of_files(ctx, of_libraries)

    def folder_of_file(file):
        path = _runfiles_path(workspace, file)
        return _longest(folders_of(file), path) or path.split("/")[0]

    def folders_of_file(file):
        # What a folder that an action makes holds is not known yet: it may be in any folder below.
        path = _runfiles_path(workspace, file)
        below = [folder for folder in folders_of(file) if _is_in(folder, path)] if file.is_directory else []
        return [folder_of_file(file)] + below

    used = {folder: None for file in files.to_list() for folder in folders_of_file(file)}
    known = _unique(own + of_libraries)
    repositories = [folder for folder in sorted(used) if folder not in known]
    chosen = [folder for folder in known if folder == own[0] or folder in used] + repositories
    images = {folder: "/app{}".format(index or "") for index, folder in enumerate(chosen)}

    def place(file):
        folder = folder_of_file(file)
        return images[folder] + _runfiles_path(workspace, file).removeprefix(folder)

    return place

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

def _own_folders(ctx):
    package = "/".join([ctx.label.workspace_name or ctx.workspace_name, ctx.label.package])
    return [_normalised(package + "/" + path) for path in ctx.attr.imports]

def _longest(folders, path):
    """The innermost of the folders that a path is in, or None."""
    found = None
    for folder in folders:
        if path.startswith(folder + "/") and (found == None or len(folder) > len(found)):
            found = folder
    return found

def _unique(values):
    return {value: None for value in values}.keys()

def files_of(ctx):
    """The files of an app: its own and those of the libraries it depends on.

    Args:
      ctx: the context of a rule with `srcs`, `data`, `deps`.

    Returns:
      a depset of files.
    """
    libraries = [library for library in ctx.attr.deps if WitBindingsInfo not in library]
    stubs = {library[WitBindingsInfo].modules: None for library in ctx.attr.deps if WitBindingsInfo in library}
    files = depset(
        ctx.files.srcs + ctx.files.data,
        transitive = [library[PyInfo].transitive_sources for library in libraries] +
                     [library[DefaultInfo].default_runfiles.files for library in libraries],
    )
    return files if not stubs else depset([file for file in files.to_list() if file not in stubs])

def _is_own(ctx):
    """A function that tells the target's own files, and those in its own folders, from those of libraries."""
    files = {file.short_path: None for file in ctx.files.srcs + ctx.files.data}
    folders = [file.short_path + "/" for file in ctx.files.srcs + ctx.files.data if file.is_directory]

    def is_own(file):
        return file.short_path in files or any([file.short_path.startswith(folder) for folder in folders])

    return is_own

def places_of(ctx, files):
    """A function that gives a file's place in the component: `/app/...` for what is below the first folder of the Python path.

    The folders of the Python path are the target's own `imports`, then those of its libraries, then the repositories
    themselves. A file is in the innermost folder that holds it: its target's own, or one of the libraries'.

    Args:
      ctx: the context of a rule with `srcs`, `data`, `imports` and `deps`.
      files: a depset of files.

    Returns:
      a function from a File to a string.
    """
    workspace = ctx.workspace_name
    own = _own_folders(ctx)
    is_own = _is_own(ctx)
    imports = depset(transitive = [library[PyInfo].imports for library in ctx.attr.deps if WitBindingsInfo not in library])
    of_libraries = [_normalised(folder) for folder in imports.to_list()]

    def folder_of_file(file):
        path = _runfiles_path(workspace, file)
        return _longest(own if is_own(file) else of_libraries, path) or path.split("/")[0]

    used = {folder_of_file(file): None for file in files.to_list()}
    known = _unique(own + of_libraries)
    repositories = [folder for folder in sorted(used) if folder not in known]
    chosen = [folder for folder in known if folder == own[0] or folder in used] + repositories
    images = {folder: "/app{}".format(index or "") for index, folder in enumerate(chosen)}

    def place(file):
        folder = folder_of_file(file)
        return images[folder] + _runfiles_path(workspace, file).removeprefix(folder)

    return place

"""What repository rules read of the environment: folders of this machine, and where files are mirrored."""

def folder_from(rctx, variable):
    """The folder that a variable names.

    Args:
      rctx: the repository rule's context.
      variable: the variable's name.

    Returns:
      an absolute path, or None where the variable is not set. A relative path fails: a repository rule runs in a folder of its own.
    """
    folder = rctx.getenv(variable)
    if folder and not folder.startswith("/"):
        fail("{variable} is the relative path {folder}, and Bazel reads it elsewhere; give an absolute one: {variable}=$PWD/{folder}".format(
            folder = folder,
            variable = variable,
        ))
    return folder or None

def url_from(rctx, variable):
    """The URL, or the absolute folder as a URL, that a variable names.

    Args:
      rctx: the repository rule's context.
      variable: the variable's name.

    Returns:
      a URL that does not end with a slash, or None where the variable is not set.
    """
    place = rctx.getenv(variable, "")
    if "://" in place:
        return place.removesuffix("/")
    folder = folder_from(rctx, variable)
    return "file://" + folder.removesuffix("/") if folder else None

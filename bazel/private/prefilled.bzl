"""The toolchain's results as a release has them: an archive for each of its parts, in place of the stage of that name."""

load(":interpreter.bzl", "interpreter_files")

def prefilled_repository(part, platform):
    """The name of the repository with a part.

    Args:
      part: `sdk`, `cpython` or `interpreter`.
      platform: the platform by its name in the lock file.

    Returns:
      a string.
    """
    return "ampoule_prefilled_{}_{}".format(part, platform)

def prefilled_parts(python_version):
    """What the archives hold.

    Args:
      python_version: the version of CPython.

    Returns:
      a dict: for each part, the files and folders that targets name.
    """
    return {
        "cpython": ["cpython"],
        "interpreter": ["interpreter/" + file for file in interpreter_files(python_version).values()],
        "sdk": ["sdk"],
    }

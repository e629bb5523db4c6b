"""Extension modules for other systems, such as those of wheels: why an import fails beside their files."""

import os
import sys

SUFFIXES = (".so", ".pyd", ".dylib")
OWN_SUFFIX = "-wasm32-wasi.so"


def explain(exception):
    """What to add to the message of a failed import; nothing if no such file is the reason."""
    while exception is not None:
        file = foreign_file(exception) if isinstance(exception, ImportError) else None
        if file is not None:
            return (
                f"; {file} is an extension module for another system: a component has those that are compiled from source for "
                "WASI, see [[tool.ampoule.extensions]], with Bazel py_wasm_extension"
            )
        exception = exception.__cause__ or exception.__context__
    return ""


def foreign_file(error):
    """The file of the module that was not found, if it is there for another system."""
    name = error.name or ""
    if error.name_from is not None:
        name = f"{name}.{error.name_from}"
    package, _, stem = name.rpartition(".")
    folders = folders_of(package)
    if error.name_from is not None and error.path is not None:
        # A package whose import failed is no longer among the modules.
        folders = [os.path.dirname(error.path)]
    elif package and package not in sys.modules:
        folders = [os.path.join(folder, *package.split(".")) for folder in sys.path]
    for folder in folders:
        for file in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
            if file.startswith(f"{stem}.") and file.endswith(SUFFIXES) and not file.endswith(OWN_SUFFIX):
                return os.path.join(folder, file)
    return None


def folders_of(package):
    """Where the modules of a package are, or those of none. That of a namespace asks its parent, which has gone if its import failed."""
    try:
        return list(sys.modules[package].__path__) if package else sys.path
    except (AttributeError, KeyError):
        return []

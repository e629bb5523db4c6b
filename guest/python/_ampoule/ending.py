"""What is done last: the build's own modules go, and tracebacks get the app's source lines to show."""

import sys

from _ampoule.late import NothingToImportFrom

IMAGE_LIBRARY = "/lib/"


def finish():
    """Bring the interpreter into the state in which the snapshot is taken."""
    keep_source_lines()
    sys.path_importer_cache.clear()
    sys.meta_path.append(NothingToImportFrom)
    for name in list(sys.modules):
        if name == "_ampoule_world" or name.partition(".")[0] == "_ampoule":
            del sys.modules[name]


def keep_source_lines():
    """Keep the source of the app's modules where tracebacks look for it."""
    import linecache
    import traceback  # Prints what escapes an export, so it must be there when nothing can be imported.

    linecache.clearcache()
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        source = source_of(module, path) if path and not path.startswith(IMAGE_LIBRARY) else None
        if source is not None:
            # A lazy entry: linecache calls it for the text.
            linecache.cache[path] = (source.__str__,)


def source_of(module, path):
    loader = getattr(getattr(module, "__spec__", None), "loader", None)
    if not hasattr(loader, "get_source") or not path.endswith(".py"):
        return None
    try:
        return loader.get_source(module.__name__)
    except ImportError:
        return None

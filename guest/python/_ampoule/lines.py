"""Tracebacks in a running component show the app's source lines."""

import sys

IMAGE_LIBRARY = "/lib/"


def ready_tracebacks():
    """Import what prints tracebacks, so that it is there when nothing can be imported."""
    import traceback

    try:
        import unicodedata
    except ImportError:
        # Without the table of widths, an extension that not every component has, the marks below a line count characters.
        traceback._display_width = characters_before


def keep_source_lines():
    """Keep the source of the app's modules where tracebacks look for it."""
    import linecache

    linecache.clearcache()
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        source = source_of(module, path) if path and not path.startswith(IMAGE_LIBRARY) else None
        if source is not None:
            # A lazy entry: linecache calls it for the text.
            linecache.cache[path] = (source.__str__,)


def characters_before(line, offset=None):
    return len(line) if offset is None else offset


def source_of(module, path):
    loader = getattr(getattr(module, "__spec__", None), "loader", None)
    if not hasattr(loader, "get_source") or not path.endswith(".py"):
        return None
    try:
        return loader.get_source(module.__name__)
    except ImportError:
        return None

"""Tracebacks in a running component show source lines."""


def ready_tracebacks():
    """Import what prints tracebacks, so that it is there even where an import fails."""
    import traceback

    try:
        import unicodedata
    except ImportError:
        # Without the table of widths, an extension that not every component has, the marks below a line count characters.
        traceback._display_width = characters_before


def characters_before(line, offset=None):
    return len(line) if offset is None else offset

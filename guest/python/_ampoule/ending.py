"""What is done last: the build's own modules go, and what a running component needs of the build's files is kept."""

import sys

from _ampoule.late import NothingToImportFrom, import_what_comes_late
from _ampoule.lines import keep_source_lines


def finish():
    """Bring the interpreter into the state in which the snapshot is taken."""
    import_what_comes_late()
    keep_source_lines()
    sys.path_importer_cache.clear()
    sys.meta_path.append(NothingToImportFrom)
    for name in list(sys.modules):
        if name == "_ampoule_world" or name.partition(".")[0] == "_ampoule":
            del sys.modules[name]

"""What is done last: the build's own modules go, and imports are left to the files that the component has."""

import _imp
import sys

from _ampoule.late import STDLIB, NothingToImportFrom, absent_modules


def held_files():
    """The bytecode files that are not needed, a path in each line: those of modules that are there, or in the interpreter."""
    paths = set()
    for module in list(sys.modules.values()):
        cached = getattr(getattr(module, "__spec__", None), "cached", None)
        if cached is not None:
            paths.add(cached)
    for name in {*sys.modules, *_imp._frozen_module_names()}:
        place = STDLIB + name.replace(".", "/")
        paths.update((place + ".pyc", place + "/__init__.pyc"))
    return "\n".join(sorted(paths))


def finish():
    """Bring the interpreter into the state in which the snapshot is taken."""
    import linecache

    linecache.clearcache()
    sys.path_importer_cache.clear()
    NothingToImportFrom.absent = absent_modules()
    sys.meta_path.append(NothingToImportFrom)
    for name in list(sys.modules):
        if name == "_ampoule_world" or name.partition(".")[0] == "_ampoule":
            del sys.modules[name]

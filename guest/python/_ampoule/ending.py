"""What is done last: the build's own modules go, and imports are left to the files that the component has."""

import _ampoule_runtime
import _imp
import sys

from importlib.machinery import PathFinder

from _ampoule.image import import_from_image
from _ampoule.lasting import lasting_objects
from _ampoule.late import STDLIB, NothingToImportFrom, absent_modules, encodings_of_python


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


def tidy_up():
    """Forget what was only true in the build."""
    import linecache

    linecache.cache.clear()
    NothingToImportFrom.absent = absent_modules()
    NothingToImportFrom.encodings = encodings_of_python()
    sys.meta_path.append(NothingToImportFrom)
    import_from_image()


def settle():
    """Do once what would be the same in each instance: list the folders of the path, and give up counting references to what lasts.

    Then the build's modules go.
    """
    folders = list(sys.path_importer_cache)
    sys.path_importer_cache.clear()
    # No module has this name, so that each folder is asked.
    PathFinder.find_spec("-", folders)
    for folder, finder in list(sys.path_importer_cache.items()):
        if finder is None:
            # The host may put a folder there.
            del sys.path_importer_cache[folder]
    _ampoule_runtime.make_immortal(lasting_objects())
    for name in list(sys.modules):
        if name == "_ampoule_world" or name.partition(".")[0] == "_ampoule":
            del sys.modules[name]

"""What a running component imports late: modules that are known to be imported are imported now, missing ones explained."""

import _imp
import sys

from posix import listdir

STDLIB = "/lib/python3.13/"

# What modules written in C import when they are used, not when they are imported.
IMPORTED_LATE = {
    "_asyncio": ["asyncio.base_futures", "asyncio.base_tasks", "asyncio.coroutines", "asyncio.exceptions"],
    "_datetime": ["_strptime"],
    "_decimal": ["numbers"],
    "_elementtree": ["copy", "xml.etree.ElementPath"],
    "_pickle": ["_compat_pickle", "copyreg"],
    "_sqlite3": ["sqlite3.dump"],
    "encodings": ["encodings.ascii", "encodings.latin_1", "encodings.utf_8_sig"],
}


def import_what_comes_late():
    """Import what the modules that are there would import when they are used."""
    for module, names in IMPORTED_LATE.items():
        for name in names if module in sys.modules else ():
            try:
                __import__(name)
            except ImportError:
                # An extension module that is not linked in: using it says so.
                continue


def absent_modules():
    """The modules of the stdlib that no component has, because WASI has not what they need."""
    files = listdir(STDLIB) + listdir(STDLIB + "lib-dynload")
    present = {name.removesuffix(".py").removesuffix(_imp.extension_suffixes()[0]) for name in files}
    return sys.stdlib_module_names - present - set(sys.builtin_module_names) - set(sys.modules)


def encodings_of_python():
    """The names of all modules of encodings, whether or not this component has them, as one text between spaces."""
    return f" {' '.join(sorted(name.removesuffix('.py') for name in listdir(STDLIB + 'encodings')))} "


def is_sought_by_name(frame):
    """Whether it is the codecs that look for the module of an encoding, and not an import statement."""
    while frame is not None and frame.f_code.co_filename == "<frozen importlib._bootstrap>":
        frame = frame.f_back
    return frame is not None and frame.f_code.co_name == "search_function"


class NothingToImportFrom:
    """The last finder: says how a module of the stdlib gets into the component."""

    absent = frozenset()
    encodings = ""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        """None, as for any module that is not there; but an import statement gets an exception with the remedy."""
        # Asking whether there is a module (importlib.util.find_spec) is no mistake.
        if sys._getframe(2).f_code.co_name != "_find_and_load_unlocked":
            return None
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names:
            return None
        if top in cls.absent:
            raise ModuleNotFoundError(f"No module named {name!r}: Python has none for WASI", name=name)
        if top == "encodings" and is_sought_by_name(sys._getframe(2)):
            cls.miss_encoding(name)
            return None
        if top == "multiprocessing":
            raise ModuleNotFoundError(f"No module named {name!r} in this component: it has no other processes", name=name)
        raise ModuleNotFoundError(
            f"No module named {name!r} in this component: no import statement of the app leads to it; if the standard "
            f'library has it, add `stdlib = ["{name}"]` to [tool.ampoule] in pyproject.toml, or `--stdlib {name}` to the '
            "command line",
            name=name,
        )

    @classmethod
    def miss_encoding(cls, module):
        """Raise what an unknown encoding raises, with the remedy, if Python has this one."""
        encoding = module.removeprefix("encodings.")
        if f" {encoding} " in cls.encodings:
            raise LookupError(
                f"unknown encoding in this component: {encoding}; the app does not name it: add `stdlib = [\"{module}\"]`, or "
                f'`["encodings"]` for all, to [tool.ampoule] in pyproject.toml, or `--stdlib {module}` to the command line'
            )

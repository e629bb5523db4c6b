"""What to do in a component where Python's message tells only what it cannot."""

import errno
import os
import sys

from _ampoule.foreign import folders_of
from _ampoule.late import STDLIB, absent_modules

FILE_BESIDE_MODULE = (
    "the folders of the app are in the component, each file beside its module: open it by its place, "
    '`pathlib.Path(__file__).parent / "{name}"`'
)
NO_WRITING = (
    "nothing can be written while the component is being built: write in a function that an export calls, to a folder that the host "
    "grants or to /tmp, and log to stderr"
)
NO_THREADS = "there are no threads in a component: call the function where its result is needed, or use asyncio"
NO_PROCESSES = (
    "there are no other processes in a component: do what the program does in Python, or before the build, and read its result "
    "from a file"
)
NO_MODULE = "Python has no `{name}` for WASI: do without it, or catch the ImportError and use something else"
# Where the modules that are made from WIT are.
BINDINGS = "/bindings/"

OF_PROCESSES = (f"{STDLIB}multiprocessing/", f"{STDLIB}concurrent/futures/process.py")


def explain(exception):
    """What to add to the message of a failed import; nothing if there is no advice."""
    while exception is not None:
        advice = advice_for(exception)
        if advice is not None:
            return f"; {advice}"
        exception = exception.__cause__ or exception.__context__
    return ""


def advice_for(exception):
    if is_of_processes(exception.__traceback__):
        return NO_PROCESSES
    if isinstance(exception, ImportError):
        return advice_for_import(exception)
    if isinstance(exception, AttributeError):
        return advice_for_attribute(exception)
    if isinstance(exception, RuntimeError) and str(exception) == "can't start new thread":
        return NO_THREADS
    if not isinstance(exception, OSError):
        return None
    if exception.errno == errno.EROFS:
        return NO_WRITING
    if exception.errno == errno.ENOTSUP and "processes" in str(exception):
        return NO_PROCESSES
    name = exception.filename
    if exception.errno == errno.ENOENT and isinstance(name, str) and not name.startswith("/"):
        return FILE_BESIDE_MODULE.format(name=name)
    return None


def is_of_processes(traceback):
    """Whether the modules of Python that start processes have been called."""
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename.startswith(OF_PROCESSES):
            return True
        traceback = traceback.tb_next
    return False


def advice_for_import(error):
    """That Python has no such module for WASI, or the name that is meant, of those that are there."""
    if error.name in sys.stdlib_module_names:
        return NO_MODULE.format(name=error.name) if error.name in absent_modules() else None
    package, name = (error.name, error.name_from) if error.name_from else (error.name or "").rpartition(".")[::2]
    modules = modules_in(package)
    nearest = nearest_name(name, modules | names_in(package))
    if nearest is not None:
        return f"did you mean `{package}.{nearest}`?" if package else f"did you mean `{nearest}`?"
    if not is_of_bindings(package):
        return None
    if name in ("imports", "exports"):
        return f"the world has no {name} of interfaces"
    return f"`{package}` has {', '.join(f'`{module}`' for module in sorted(modules))}" if modules else None


def advice_for_attribute(error):
    """The app's own file in place of a module of Python."""
    name = getattr(error.obj, "__name__", None)
    file = getattr(error.obj, "__file__", None)
    if name in sys.stdlib_module_names and isinstance(file, str) and not file.startswith(STDLIB):
        return f"{file} is imported in place of Python's own module `{name}`: rename it"
    return None


def modules_in(package):
    """The modules of a package, or those that no package has; but for what is Python's."""
    names = set()
    for folder in folders_of(package):
        if not f"{folder}/".startswith(STDLIB) and os.path.isdir(folder):
            names.update(file.split(".")[0] for file in os.listdir(folder) if not file.startswith(("_", ".")))
    return names


def names_in(package):
    """What a package defines itself."""
    return {name for name in vars(sys.modules.get(package, object)) if not name.startswith("_")}


def is_of_bindings(package):
    """Whether a package is made from WIT."""
    module = sys.modules.get(package.split(".")[0])
    return any(folder.startswith(BINDINGS) for folder in getattr(module, "__path__", ()))


def nearest_name(name, known):
    """The name that differs least, if one is alike."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, sorted(known), 1)), None)

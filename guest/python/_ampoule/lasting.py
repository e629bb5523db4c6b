"""What lasts as long as the interpreter: no reference to it is counted, so that instances share its memory and do not copy it.

These are functions and classes of the standard library, of packages and of the bindings, what they are made of, and what imports go through.
What the app made stays as it was, but for its code: it may go, and may ask to be told. An object is asked for its type only, as it may answer
anything else as it likes.
"""

import _io
import gc
import os
import sys

from importlib.machinery import FileFinder, ModuleSpec

from _ampoule.advice import BINDINGS
from _ampoule.application import is_standard
from _ampoule.image import ImageFinder, ImageLoader
from _ampoule.late import STDLIB, NothingToImportFrom

Code = type(is_standard.__code__)
Function = type(is_standard)
Module = type(sys)
Cell = type((lambda value: lambda: value)(None).__closure__[0])

# What is immutable all through, if its items are.
CONSTANTS = (str, bytes, int, float, complex, Code)
COLLECTIONS = (tuple, frozenset)

# What C puts into classes.
BuiltinFunction = type(len)
DESCRIPTORS = tuple({type(item) for item in (str.join, str.__len__, Code.co_name, Function.__code__, vars(dict)["fromkeys"])})

# Whatever has one of these lasts with what refers to it.
KINDS = (*CONSTANTS, *COLLECTIONS, *DESCRIPTORS, Cell, property, staticmethod, classmethod)

# What Python writes through, and reads.
STREAMS = (_io.TextIOWrapper, _io.BufferedReader, _io.BufferedWriter, _io.FileIO)

# Classes of C whose objects never change, by their names, as their modules may not be there.
UNCHANGING = (
    ("_contextvars", "ContextVar"),
    ("operator", "attrgetter"),
    ("operator", "itemgetter"),
    ("operator", "methodcaller"),
    ("re", "Pattern"),
)

# Whatever a class or a module of its own kind says of itself.
contents_of_module = vars(Module)["__dict__"].__get__
contents_of_class = vars(type)["__dict__"].__get__
bases_of_class = vars(type)["__mro__"].__get__
module_of_class = vars(type)["__module__"].__get__
name_of_class = vars(type)["__name__"].__get__


def lasting_objects():
    """A list of all that lasts."""
    return Lasting(package_folders()).objects()


def package_folders():
    """Where packages are installed: folders of the path that hold their metadata, or what Python reads in such folders."""
    folders = [folder for folder in sys.path if isinstance(folder, str) and os.path.isdir(folder)]
    return [folder for folder in folders if any(name.endswith((".dist-info", ".pth")) for name in os.listdir(folder))]


class Lasting:
    """What lasts if the packages in some folders do."""

    def __init__(self, folders):
        self.places = (STDLIB, "<frozen ", BINDINGS, *(f"{folder}/" for folder in folders))
        modules = [(name, module) for name, module in list(sys.modules.items()) if self.has_module(name, module)]
        self.modules = [module for _, module in modules]
        self.namespaces = {id(contents_of_module(module)) for module in self.modules}
        self.names = {*sys.stdlib_module_names, *(name for name, _ in modules)}

    def has_module(self, name, module):
        if not issubclass(type(module), Module) or name.partition(".")[0] == "_ampoule":
            return False
        file = contents_of_module(module).get("__file__")
        return is_standard(module) or (isinstance(file, str) and file.startswith(self.places))

    def objects(self):
        found = {}
        pending = [sys.modules, sys.path, sys.meta_path, sys.path_hooks, sys.path_importer_cache]
        pending.extend(finder for finder in sys.path_importer_cache.values() if type(finder) is FileFinder)
        pending.extend((ImageFinder, ImageLoader, NothingToImportFrom))
        # Whoever replaces them leaves these in `sys`.
        pending.extend(stream for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__) if type(stream) in STREAMS)
        pending.extend(code_of_functions())
        pending.extend(self.modules)
        while pending:
            item = pending.pop()
            if id(item) not in found:
                found[id(item)] = item
                pending.extend(self.own_parts(item))
                pending.extend(part for part in parts(item) if self.lasts(part))
        return list(found.values())

    def own_parts(self, item):
        """The parts that nobody else has, or that are where nobody puts others."""
        kind = type(item)
        if issubclass(kind, Module):
            contents = contents_of_module(item)
            return [contents, contents.get("__spec__")]
        if issubclass(kind, type):
            return [value for value in contents_of_class(item).values() if self.is_attribute(value)]
        if kind in STREAMS:
            return [part for part in gc.get_referents(item) if type(part) in (*STREAMS, dict)]
        return list(vars(item).values()) if kind in (FileFinder, ModuleSpec) else ()

    def is_attribute(self, item):
        """Whether an object that a class has is its own: a descriptor, a member of an enumeration, a table."""
        kind = type(item)
        return self.has_class(kind) and not issubclass(kind, (Function, Module, type)) and not is_told(item)

    def lasts(self, item):
        """Whether something that lasts may say so of this part."""
        kind = type(item)
        if kind is Function:
            return item.__code__.co_filename.startswith(self.places) or id(item.__globals__) in self.namespaces
        if issubclass(kind, type):
            return self.has_class(item)
        if kind is BuiltinFunction:
            return issubclass(type(item.__self__), (Module, type))
        return kind in KINDS or (module_name(kind), name_of_class(kind)) in UNCHANGING

    def has_class(self, item):
        return module_name(item) in self.names


def module_name(kind):
    """What a class says that it is of; None if that is no name."""
    try:
        name = module_of_class(kind)
    except AttributeError:
        return None
    return name if type(name) is str else None


def code_of_functions():
    """The code of all functions but the build's own."""
    return [item.__code__ for item in gc.get_objects() if type(item) is Function and not is_of_build(item)]


def is_of_build(function):
    name = function.__globals__.get("__name__")
    return type(name) is str and name.partition(".")[0] in ("_ampoule", "_ampoule_world")


def is_told(item):
    """Whether an object is told when it goes."""
    return any("__del__" in contents_of_class(kind) for kind in bases_of_class(type(item)))


def parts(item):
    """The parts of anything."""
    if issubclass(type(item), type):
        return [*contents_of_class(item).values(), bases_of_class(item)]
    return item.co_consts if type(item) is Code else gc.get_referents(item)

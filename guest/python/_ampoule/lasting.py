"""What lasts as long as the interpreter: no reference to it is counted, so that instances share its memory and do not copy it.

These are functions and classes of the standard library and of packages, what they are made of, and what imports go through. What the app
made stays as it was: it may go, and may ask to be told. An object is asked for its type only, as it may answer anything else as it likes.
"""

import os
import sys

from importlib.machinery import FileFinder, ModuleSpec

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

# Whatever a class or a module of its own kind says of itself.
contents_of_module = vars(Module)["__dict__"].__get__
contents_of_class = vars(type)["__dict__"].__get__
bases_of_class = vars(type)["__mro__"].__get__
module_of_class = vars(type)["__module__"].__get__


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
        self.places = (STDLIB, "<frozen ", *(f"{folder}/" for folder in folders))
        modules = [(name, module) for name, module in list(sys.modules.items()) if self.has_module(name, module)]
        self.modules = [module for _, module in modules]
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
        pending.extend(self.modules)
        while pending:
            item = pending.pop()
            if id(item) not in found:
                found[id(item)] = item
                pending.extend(own_parts(item))
                pending.extend(part for part in parts(item) if self.lasts(part))
        return list(found.values())

    def lasts(self, item):
        """Whether something that lasts may say so of this part."""
        kind = type(item)
        if kind is Function:
            return item.__code__.co_filename.startswith(self.places)
        if issubclass(kind, type):
            return self.has_class(item)
        if kind is BuiltinFunction:
            return issubclass(type(item.__self__), (Module, type))
        return kind in (*CONSTANTS, *COLLECTIONS, *DESCRIPTORS, Cell, property, staticmethod, classmethod)

    def has_class(self, item):
        try:
            name = module_of_class(item)
        except AttributeError:
            return False
        return type(name) is str and name in self.names


def own_parts(item):
    """The parts that nobody else has."""
    if issubclass(type(item), Module):
        contents = contents_of_module(item)
        return [contents, contents.get("__spec__")]
    return list(vars(item).values()) if type(item) in (FileFinder, ModuleSpec) else ()


def parts(item):
    """The parts of a module, a class, a function, or a constant."""
    kind = type(item)
    if issubclass(kind, Module):
        return list(contents_of_module(item).values())
    if issubclass(kind, type):
        return [*contents_of_class(item).values(), bases_of_class(item)]
    if kind is Function:
        return [item.__code__, item.__defaults__, item.__closure__]
    if kind is Code:
        return item.co_consts
    if kind is Cell:
        return cell_contents(item)
    if kind is property:
        return [item.fget, item.fset, item.fdel]
    if kind in (staticmethod, classmethod):
        return [item.__func__]
    return item if kind in COLLECTIONS else ()


def cell_contents(cell):
    try:
        return [cell.cell_contents]
    except ValueError:
        return ()

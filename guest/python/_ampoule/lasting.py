"""What lasts as long as the interpreter: no reference to it is counted, so that instances share its memory and do not copy it.

These are functions and classes of the standard library, what they are made of, and what imports go through. What the app made stays as
it was: it may go, and may ask to be told.
"""

import sys

from importlib.machinery import FileFinder, ModuleSpec

from _ampoule.application import is_standard
from _ampoule.image import ImageFinder, ImageLoader
from _ampoule.late import STDLIB

Code = type(is_standard.__code__)
Function = type(is_standard)
Module = type(sys)

# What is immutable all through, if its items are.
CONSTANTS = (str, bytes, int, float, complex, Code)
COLLECTIONS = (tuple, frozenset)

# What C puts into classes.
BuiltinFunction = type(len)
DESCRIPTORS = tuple({type(item) for item in (str.join, str.__len__, Code.co_name, Function.__code__, vars(dict)["fromkeys"])})


def lasting_objects():
    """A list of all that lasts."""
    found = {}
    pending = [sys.modules, sys.path, sys.meta_path, sys.path_hooks, sys.path_importer_cache]
    pending.extend(finder for finder in sys.path_importer_cache.values() if type(finder) is FileFinder)
    pending.extend((ImageFinder, ImageLoader))
    pending.extend(module for module in list(sys.modules.values()) if isinstance(module, Module) and is_standard(module))
    while pending:
        item = pending.pop()
        if id(item) not in found:
            found[id(item)] = item
            pending.extend(own_parts(item))
            pending.extend(part for part in parts(item) if lasts(part))
    return list(found.values())


def own_parts(item):
    """The parts of what imports go through, which nobody else has."""
    if isinstance(item, Module):
        return [item.__spec__]
    return list(vars(item).values()) if type(item) in (FileFinder, ModuleSpec) else ()


def lasts(item):
    """Whether something that lasts may say so of this part."""
    if isinstance(item, Function):
        # One with a closure may hold what is not the stdlib's.
        return item.__closure__ is None and is_code_of_stdlib(item.__code__)
    if isinstance(item, type):
        return item.__module__ in sys.stdlib_module_names
    if isinstance(item, BuiltinFunction):
        return isinstance(item.__self__, (Module, type))
    return type(item) in (*CONSTANTS, *COLLECTIONS, *DESCRIPTORS, property, staticmethod, classmethod)


def is_code_of_stdlib(code):
    return code.co_filename.startswith((STDLIB, "<frozen "))


def parts(item):
    """The parts of a module, a class, a function, or a constant."""
    if isinstance(item, Module):
        return list(vars(item).values())
    if isinstance(item, type):
        return [*vars(item).values(), item.__mro__]
    if isinstance(item, Function):
        return [item.__code__, item.__defaults__]
    if isinstance(item, Code):
        return item.co_consts
    if isinstance(item, property):
        return [item.fget, item.fset, item.fdel]
    if isinstance(item, (staticmethod, classmethod)):
        return [item.__func__]
    return item if isinstance(item, COLLECTIONS) else ()

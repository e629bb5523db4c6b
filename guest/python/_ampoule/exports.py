"""Finds what the app exports: a class for each exported interface and for each exported resource, with its functions."""

import sys

from _ampoule.application import guarded, is_standard
from _ampoule.failure import BuildError
from _ampoule.signatures import is_asynchronous, misfit


def exported(module, world):
    """What each export calls, in the order of the world's table, and the class of each exported resource.

    A method of a resource is given by its name: it is called on the object that the host passes.
    """
    classes = interface_classes(module, world)
    resources = {index: resource_class(module, world, index) for index in world.EXPORTED_RESOURCES}
    problems = [text for owner in [*classes.values(), *resources.values()] for text in owner.problems()]
    if problems:
        raise BuildError("\n".join(problems))
    instances = {name: instantiated(module, name) for name in classes}
    callables = tuple(callable_of(row, instances, resources) for row in world.EXPORTS)
    problems = [text for row, function in zip(world.EXPORTS, callables) for text in awaited(row, function, resources)]
    if problems:
        raise BuildError("\n".join(problems))
    return callables, tuple(resources[i].found if i in resources else None for i in range(len(world.RESOURCES)))


def callable_of(row, instances, resources):
    if row[6] is None:
        return getattr(instances[row[3]], row[4])
    if kind(row) == "method":
        return row[4]
    implementation = resources[row[6]].found
    return implementation if kind(row) == "constructor" else getattr(implementation, row[4])


def awaited(row, function, resources):
    """What is wrong with an `async def` for a function that the host does not await: looked at last, as objects may have functions of
    their own in its place.
    """
    if row[5].startswith("async "):
        return
    owner = row[3] if row[6] is None else resources[row[6]].name
    if isinstance(function, str):
        function = getattr(resources[row[6]].found, function)
    if is_asynchronous(function):
        code = getattr(function, "__func__", function).__code__
        yield (
            f"the method `{row[4]}` of the class `{owner}` at {code.co_filename}:{code.co_firstlineno} is an `async def`, but the "
            "world exports it as a `func`, which nobody awaits: call asyncio.run in it, or make it an `async func` in WIT; define "
            f"it as:\n\n{definition(row)}"
        )


def kind(row):
    """`constructor`, `method` or `static` of a function that belongs to a resource."""
    return row[1][1:].partition("]")[0]


class Owner:
    """A class that the app must have."""

    def __init__(self, found, name, rows, where, what, remedy="add to it"):
        self.found = found
        self.name = name
        self.rows = rows
        self.where = where
        self.what = what
        self.remedy = remedy

    def problems(self):
        """What is missing of it, each with the text to add."""
        if self.found is None:
            body = "".join(definition(row) for row in self.rows) or "    pass\n"
            return [f"{self.where} has no class `{self.name}` for {self.what}; {self.remedy}:\n\nclass {self.name}:\n{body}"]
        if not isinstance(self.found, type):
            return [f"`{self.name}` in {self.where} must be a class, because it stands for {self.what}"]
        problems = [self.problem(row) for row in self.rows]
        return [problem for problem in problems if problem]

    def problem(self, row):
        if not has(self.found, row):
            return self.missing(row)
        wrong = misfit(self.found, row[4], argument_count(row), is_static(row))
        return wrong and f"the method `{row[4]}` of the class `{self.name}` {wrong}; define it as:\n\n{definition(row)}"

    def missing(self, row):
        return (
            f"the class `{self.name}` in {self.where} has no method `{row[4]}` for {self.what}; add to it:\n\n"
            f"{definition(row)}"
        )


def is_static(row):
    return row[6] is not None and kind(row) == "static"


def argument_count(row):
    """How many arguments the world gives; the parameters of a method name the object, too."""
    return len(row[2]) - (row[6] is not None and kind(row) == "method")


def definition(row):
    decorator = "    @classmethod\n" if is_static(row) else ""
    return f"{decorator}    {row[5]}\n        ...\n"


def has(implementation, row):
    """Whether the class itself, not only the generated Protocol, defines the function."""
    name = row[4]
    if name in getattr(implementation, "__abstractmethods__", ()):
        return False
    if name == "__init__" and row[2]:
        return implementation.__init__ is not object.__init__ or implementation.__new__ is not object.__new__
    return callable(getattr(implementation, name, None))


def interface_classes(module, world):
    """The classes for the functions of the exported interfaces, and of the world itself, by their names."""
    rows_by_class = {}
    for row in world.EXPORTS:
        if row[6] is None:
            rows_by_class.setdefault(row[3], []).append(row)
    return {name: interface_class(module, name, rows, world) for name, rows in rows_by_class.items()}


def interface_class(module, name, rows, world):
    interface = rows[0][0]
    what = f"the exported interface {interface}" if interface else f"the exported functions of the world {world.WORLD}"
    return Owner(getattr(module, name, None), name, rows, f"the app `{module.__name__}`", what)


def resource_class(application, world, index):
    """The class of an exported resource, from the module called as its interface or from the app."""
    wit_name, interface, module_name, name, _ = world.RESOURCES[index]
    rows = [row for row in world.EXPORTS if row[6] == index]
    what = f"the exported resource {wit_name} of {interface}"
    for module in (resource_module(module_name, what), application):
        found = None if is_standard(module) else getattr(module, name, None)
        if found is not None and not is_generated(found, world):
            return Owner(found, name, rows, f"the module `{module.__name__}`", what)
    return Owner(None, name, rows, f"the app `{application.__name__}`", what, f"add to it, or to a module `{module_name}`")


def resource_module(name, what):
    return guarded(lambda: module_if_there(name), f"the module `{name}`, for {what}, could not be imported")


def module_if_there(name):
    try:
        __import__(name)
    except ModuleNotFoundError as error:
        if error.name == name:
            return None
        raise
    return sys.modules[name]


def is_generated(found, world):
    """Whether this is a class of the bindings, which a module may have imported, and not the app's own."""
    module = getattr(found, "__module__", None) or ""
    return any(module == package or module.startswith(package + ".") for package in world.PACKAGES)


def instantiated(module, name):
    return guarded(getattr(module, name), f"the class `{name}` of the app `{module.__name__}` could not be instantiated")

"""Finds what the app exports: one class for each exported interface, with one method for each function."""

from _ampoule.application import guarded
from _ampoule.failure import BuildError


def exported_callables(module, world):
    """What each export calls, in the order of the world's table."""
    rows_by_class = {}
    for row in world.EXPORTS:
        rows_by_class.setdefault(row[3], []).append(row)
    problems = [text for name, rows in rows_by_class.items() for text in problems_of(module, name, rows, world)]
    if problems:
        raise BuildError("\n".join(problems))
    instances = {name: instantiated(module, name) for name in rows_by_class}
    return tuple(getattr(instances[row[3]], row[4]) for row in world.EXPORTS)


def problems_of(module, name, rows, world):
    """What is missing of one class, each with the text to add."""
    owner = rows[0][0]
    what = f"the exported interface {owner}" if owner else f"the exported functions of the world {world.WORLD}"
    implementation = getattr(module, name, None)
    if implementation is None:
        body = "".join(f"    {row[5]}\n        ...\n" for row in rows)
        return [f"the app `{module.__name__}` has no class `{name}` for {what}; add to it:\n\nclass {name}:\n{body}"]
    if not isinstance(implementation, type):
        return [f"`{name}` in the app `{module.__name__}` must be a class, because it stands for {what}"]
    return [missing_method(module, name, row, what) for row in rows if not has_method(implementation, row[4])]


def has_method(implementation, name):
    """Whether the class itself, not only the generated Protocol, defines the method."""
    if name in getattr(implementation, "__abstractmethods__", ()):
        return False
    return callable(getattr(implementation, name, None))


def missing_method(module, name, row, what):
    return (
        f"the class `{name}` in the app `{module.__name__}` has no method `{row[4]}` for {what}; add to it:\n\n"
        f"    {row[5]}\n        ...\n"
    )


def instantiated(module, name):
    return guarded(getattr(module, name), f"the class `{name}` of the app `{module.__name__}` could not be instantiated")

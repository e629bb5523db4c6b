"""Lists of numbers that arrive as buffers, and that are given as such."""

import dataclasses
import sys
import weakref
from array import array

import wit_world
from componentize_py_types import Err, Ok
from wit_world import exports
from wit_world.imports import echo

seen: list[str] = []
blocks = 0
kept = []
ended: list[str] = []


def described(value: object) -> str:
    """The form of a value and of what is in it."""
    match value:
        case array() | memoryview():
            view = memoryview(value)
            assert not view.readonly and view.c_contiguous and view.ndim == 1 and len(view) == len(value)
            assert view.tolist() == value.tolist()
            return f"{type(value).__name__} {view.format} {view.itemsize}"
        case list() | tuple():
            return f"[{', '.join(map(described, value))}]"
        case Ok(inner) | Err(inner):
            return f"{type(value).__name__}({described(inner)})"
        case None | bool() | str() | bytes() | int() | float():
            return type(value).__name__
    fields = (described(getattr(value, field.name)) for field in dataclasses.fields(value))
    return f"{type(value).__name__}({', '.join(fields)})"


def passing(name: str):
    def method(self, value):
        global blocks
        seen.append(described(value))
        came_back = getattr(echo, name)(value)
        blocks = sys.getallocatedblocks()
        seen.append(described(came_back))
        return came_back

    return method


class Echo:
    for name in vars(exports.Echo):
        if not name.startswith("_"):
            locals()[name] = passing(name)

    def outcomes(self, value):
        seen.append(described(value.value))
        try:
            came_back = echo.outcomes(value)
        except Err as error:
            seen.append(described(error.value))
            raise
        seen.append(described(came_back))
        return came_back


def numbers():
    """As they come from the host."""
    return echo.f64s([1, 2, 3, 4])


class Exporter:
    """A buffer whose release is code of the app, which calls the host."""

    def __init__(self):
        self.array = array("d", [1, 2, 3, 4])

    def __buffer__(self, flags):
        return memoryview(self.array)

    def __release_buffer__(self, view):
        ended.append(str(list(echo.u16s([7]))))


def with_callback(value):
    """When it is let go of, code of the app runs, which calls the host."""
    weakref.finalize(value, lambda: ended.append(str(list(echo.u16s([8])))))
    return value


FORMS = {
    "as it came": numbers,
    "a view": lambda: memoryview(numbers()),
    "a part": lambda: memoryview(numbers())[1:3],
    "each other": lambda: memoryview(numbers())[::2],
    "backwards": lambda: memoryview(numbers())[::-1],
    "read-only": lambda: memoryview(numbers()).toreadonly(),
    "by way of bytes": lambda: memoryview(numbers()).cast("B").cast("d"),
    "none of it": lambda: memoryview(numbers())[:0],
    "an array": lambda: array("d", [1, 2, 3, 4]),
    "an array of others": lambda: array("i", [1, 2, 3, 4]),
    "a view of an array": lambda: memoryview(array("d", [1, 2, 3, 4])),
    "a tuple": lambda: (1, 2, 3, 4),
    "a range": lambda: range(1, 5),
    "an exporter": Exporter,
    "a view of an exporter": lambda: memoryview(Exporter()),
    "with a callback": lambda: with_callback(numbers()),
    "a view with a callback": lambda: with_callback(memoryview(numbers())),
}


def mutated():
    """What is written to one list shows in no other."""
    given = array("d", [1, 2, 3, 4])
    first, second = echo.f64s(given), echo.f64s(given)
    first[0], given[1] = -1.0, -2.0
    return f"{list(first)} {list(second)}"


def filled():
    """Lists that stay while others come and go, empty ones among them."""
    kept.append([echo.f64s([number] * number) for number in range(200)])
    return str(len(kept))


def looked_at():
    right = all(list(view) == [number] * number for lists in kept for number, view in enumerate(lists))
    return f"{len(kept)} {right}"


def forgotten():
    """A part outlives the whole."""
    whole = memoryview(numbers())
    part = whole[2:]
    whole.release()
    return str(list(part))


def let_go():
    """What ran when values were let go of."""
    there = sorted(ended)
    ended.clear()
    return str(there)


def refused():
    view = memoryview(numbers())
    view.release()
    try:
        return echo.f64s(view)
    except ValueError as error:
        return str(error)


def wrong():
    try:
        return echo.u16s(numbers())
    except TypeError as error:
        return str(error)


CHECKS = {check.__name__: check for check in (mutated, filled, looked_at, forgotten, let_go, refused, wrong)}


class WitWorld(wit_world.WitWorld):
    def seen(self):
        there = list(seen)
        seen.clear()
        return there

    def blocks(self):
        return blocks

    def give(self, form):
        return FORMS[form]()

    def check(self, name):
        return CHECKS[name]()

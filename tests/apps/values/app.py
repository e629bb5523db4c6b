import collections
import functools
import json
import operator
import sys
from array import array
from dataclasses import dataclass

from componentize_py_types import Err, Ok, Some
from wit_world.imports import shapes
from wit_world.imports.shapes import Color, Permission, Point, Segment, Shape_Circle, Shape_Polygon


@dataclass
class Incomplete:
    x: float


class Failing:
    def __index__(self):
        raise LookupError("no number here")


class Liar:
    """Says to be a member of an enum."""

    __class__ = Color


class FailingPoint:
    x = 1.0

    @property
    def y(self):
        return self.missing


def without_value():
    shape = Shape_Circle(1.0)
    del shape.value
    return shape


def released():
    view = memoryview(b"text")
    view.release()
    return view


class Endless:
    def __getattr__(self, name):
        return getattr(self, name + "x")


class Node:
    def __init__(self, following):
        self.following = following

    def __repr__(self):
        return f"Node({self.following!r})"

    def __eq__(self, other):
        return self.following == other.following


def nested(make, empty, depth=100_000):
    value = empty
    for _ in range(depth):
        value = make(value)
    return value


def chain_of_references():
    value = nested(Node, None, 1_000_000)
    del value


def recursive_key(value):
    return sorted([value], key=recursive_key)


def unlimited_recursion():
    sys.setrecursionlimit(10**6)
    try:
        return (lambda function: function(function))(lambda function: function(function) + 1)
    finally:
        sys.setrecursionlimit(1000)


WRONG_VALUES = {
    "integer: text": lambda: shapes.take_integer("1"),
    "integer: float": lambda: shapes.take_integer(1.5),
    "integer: None": lambda: shapes.take_integer(None),
    "integer: too large": lambda: shapes.take_integer(256),
    "integer: negative": lambda: shapes.take_integer(-1),
    "integer: huge": lambda: shapes.take_large(10**10000),
    "integer: __index__ raises": lambda: shapes.take_integer(Failing()),
    "float: text": lambda: shapes.take_float("1.0"),
    "float: a huge integer": lambda: shapes.take_float(10**400),
    "char: two letters": lambda: shapes.take_letter("ab"),
    "char: empty": lambda: shapes.take_letter(""),
    "char: surrogate": lambda: shapes.take_letter("\ud800"),
    "string: bytes": lambda: shapes.take_text(b"text"),
    "string: surrogate": lambda: shapes.take_text("a\udc00b"),
    "bytes: text": lambda: shapes.take_bytes("text"),
    "bytes: number": lambda: shapes.take_bytes(5),
    "bytes: item too large": lambda: shapes.take_bytes([1, 256]),
    "bytes: a released view": lambda: shapes.take_bytes(released()),
    "bytes: a view of two dimensions": lambda: shapes.take_bytes(memoryview(b"abcd").cast("B", (2, 2))),
    "numbers: item": lambda: shapes.take_numbers([1, 2, "3"]),
    "numbers: negative in array": lambda: shapes.take_numbers(array("h", [1, -2])),
    "numbers: generator": lambda: shapes.take_numbers(number for number in (1, 2)),
    "points: a field": lambda: shapes.take_points([Point(0.0, 0.0), Point("1", 0.0)]),
    "points: no such attribute": lambda: shapes.take_points([Incomplete(1.0)]),
    "points: None": lambda: shapes.take_points([None]),
    "points: a property that fails": lambda: shapes.take_points([FailingPoint()]),
    "segments: nested": lambda: shapes.take_segments([Segment(Point(0, 0), Point(0, None))], None),
    "segments: second parameter": lambda: shapes.take_segments([], 5),
    "shape: no case": lambda: shapes.take_shape("circle"),
    "shape: payload": lambda: shapes.take_shape(Shape_Circle("round")),
    "shape: a case without its value": lambda: shapes.take_shape(without_value()),
    "shape: payload's field": lambda: shapes.take_shape(Shape_Polygon([Point(1.0, [])])),
    "enum: number": lambda: shapes.take_color(0),
    "enum: text": lambda: shapes.take_color("red"),
    "enum: what only says to be one": lambda: shapes.take_color(Liar()),
    "flags: enum": lambda: shapes.take_permission(Color.RED),
    "flags: number": lambda: shapes.take_permission(1),
    "tuple: too short": lambda: shapes.take_pair((1,)),
    "tuple: too long": lambda: shapes.take_pair((1, "a", 2)),
    "tuple: item": lambda: shapes.take_pair(("a", 1)),
    "fixed length: too short": lambda: shapes.take_three([1, 2]),
    "fixed length: item": lambda: shapes.take_three([1, 2, -3]),
    "map: list": lambda: shapes.take_map([("a", 1)]),
    "map: key": lambda: shapes.take_map({1: 1}),
    "map: value": lambda: shapes.take_map({"a": "b"}),
    "option: no Some": lambda: shapes.take_choice(1),
    "option: inside Some": lambda: shapes.take_choice(Some("1")),
    "result: no Ok or Err": lambda: shapes.take_outcome(1),
    "result: inside Ok": lambda: shapes.take_outcome(Ok("1")),
    "result: inside Err": lambda: shapes.take_outcome(Err(1)),
    "arguments: too few": lambda: shapes.take_pair(),
    "arguments: too many": lambda: shapes.take_integer(1, 2),
    "arguments: unknown keyword": lambda: shapes.take_integer(number=1),
}

DEEP = {
    "repr of lists": lambda: repr(nested(lambda value: [value], [])),
    "repr of tuples": lambda: repr(nested(lambda value: (value,), ())),
    "repr of dicts": lambda: repr(nested(lambda value: {1: value}, {})),
    "repr of objects": lambda: repr(nested(Node, None)),
    "str of exceptions": lambda: str(nested(ValueError, None)),
    "equality of lists": lambda: nested(lambda value: [value], []) == nested(lambda value: [value], []),
    "equality of tuples": lambda: nested(lambda value: (value,), ()) == nested(lambda value: (value,), ()),
    "equality of objects": lambda: nested(Node, Node(None)) == nested(Node, Node(None)),
    "order of lists": lambda: nested(lambda value: [value], []) < nested(lambda value: [value], [1]),
    "json.loads": lambda: json.loads("[" * 100_000),
    "json.dumps": lambda: json.dumps(nested(lambda value: [value], [])),
    "parentheses in eval": lambda: eval("(" * 100_000 + ")" * 100_000),
    "brackets in compile": lambda: compile("[" * 60 + "]" * 60, "deep", "eval"),
    "negations in compile": lambda: compile("not " * 100_000 + "1", "deep", "eval"),
    "signs in compile": lambda: compile("-" * 100_000 + "1", "deep", "eval"),
    "functions in compile": lambda: compile("lambda:" * 100_000 + "1", "deep", "eval"),
    "alternatives in compile": lambda: compile("1 if 1 else " * 100_000 + "1", "deep", "eval"),
    "powers in compile": lambda: compile("2**" * 100_000 + "1", "deep", "eval"),
    "calls in compile": lambda: compile("f(" * 100_000 + ")" * 100_000, "deep", "eval"),
    "blocks in compile": lambda: compile("".join("\t" * depth + "if 1:\n" for depth in range(150)), "deep", "exec"),
    "patterns in compile": lambda: compile("match 1:\n case " + "[" * 10_000, "deep", "exec"),
    "a long sum in eval": lambda: eval("+".join(["1"] * 100_000)),
    "__getattr__": lambda: Endless().attribute,
    "a recursive key": lambda: recursive_key([]),
    "a recursive function": lambda: unlimited_recursion(),
    "the hash of nested tuples": lambda: hash(nested(lambda value: (value,), ())),
    "a nested tuple as a key": lambda: {nested(lambda value: (value,), ()): 1},
    "freeing nested lists": lambda: nested(lambda value: [value], [], 1_000_000) and None,
    "freeing nested tuples": lambda: nested(lambda value: (value,), (), 1_000_000) and None,
    "freeing a chain of objects": chain_of_references,
    "nested partials": lambda: nested(functools.partial, int)(),
    "isinstance of nested tuples": lambda: isinstance(1, nested(lambda value: (value,), str)),
    "nested unions": lambda: functools.reduce(operator.or_, [int, str] * 1000),
    "a value for the host": lambda: shapes.take_points(nested(lambda value: [value], [])),
}

RESULTS = {
    "no list": lambda: 5,
    "a wrong item": lambda: [Point(1.0, 2.0), Point(1.0, "2")],
    "nothing": lambda: None,
    "an exception": lambda: {}["missing"],
    "an error that the type does not have": lambda: (_ for _ in ()).throw(Err("unwanted")),
}

OUTCOMES = {
    "a wrong value": lambda: "5",
    "Ok where the value is meant": lambda: Ok(5),
    "a wrong error": lambda: (_ for _ in ()).throw(Err(5)),
}


class Number:
    def __index__(self):
        return 7


class Own(collections.UserList):
    """A sequence that is no list."""


def changing():
    """A list that grows while it is read."""
    items = [Number(), 2]

    class Growing(Number):
        def __index__(self):
            items.append(3)
            return 1

    items[0] = Growing()
    return items


class Whole(int):
    """An int of the app's own."""


Pair = collections.namedtuple("Pair", "number text")

FORMS = {
    "give-bytes": {
        "bytearray": lambda: bytearray(b"abc"),
        "array": lambda: array("B", b"abc"),
        "signed array": lambda: array("b", [1, 2]),
        "wider array": lambda: array("I", [1, 255]),
        "every second byte": lambda: memoryview(b"abcdef")[::2],
        "backwards": lambda: memoryview(b"abc")[::-1],
        "range": lambda: range(3),
        "deque": lambda: collections.deque([1, 2]),
        "own sequence": lambda: Own([1, 2]),
        "objects": lambda: [Number(), True, Whole(3)],
    },
    "give-numbers": {
        "array": lambda: array("H", [1, 65535]),
        "signed array": lambda: array("h", [1, 2]),
        "wider array": lambda: array("q", [1, 2]),
        "unaligned view": lambda: memoryview(b"\0\1\2\3\4")[1:].cast("H"),
        "bytes": lambda: b"ab",
        "tuple": lambda: (1, 2),
        "a list that grows": changing,
    },
    "give-floats": {
        "array": lambda: array("f", [1.5, 2.0]),
        "wider array": lambda: array("d", [1.5]),
        "integers": lambda: [1, True, Number()],
        "array of integers": lambda: array("i", [1]),
    },
    "give-letters": {"text": lambda: "abc", "tuple": lambda: ("a", "b")},
    "give-pair": {"list": lambda: [1, "a"], "named tuple": lambda: Pair(1, "a"), "own sequence": lambda: Own([1, "a"])},
}


class WitWorld:
    def forms(self) -> list[tuple[str, str]]:
        return [(function, name) for function, forms in FORMS.items() for name in forms]

    def give_bytes(self, name: str) -> bytes:
        return FORMS["give-bytes"][name]()

    def give_numbers(self, name: str) -> list[int]:
        return FORMS["give-numbers"][name]()

    def give_floats(self, name: str) -> list[float]:
        return FORMS["give-floats"][name]()

    def give_letters(self, name: str) -> list[str]:
        return FORMS["give-letters"][name]()

    def give_pair(self, name: str) -> tuple[int, str]:
        return FORMS["give-pair"][name]()

    def attempts(self) -> list[str]:
        return [*WRONG_VALUES, *(f"deep: {name}" for name in DEEP)]

    def attempt(self, name: str) -> str:
        action = WRONG_VALUES.get(name) or DEEP[name.removeprefix("deep: ")]
        try:
            action()
        except Exception as exception:
            message = str(exception)
            return f"{type(exception).__name__}: {message if len(message) < 300 else '(long)'}"
        return "done"

    def give(self, name: str) -> list[Point]:
        return RESULTS[name]()

    def give_outcome(self, name: str) -> int:
        return OUTCOMES[name]()

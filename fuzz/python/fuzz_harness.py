"""What all fuzzed apps share: comparisons that see everything, and the things that go to and fro."""

import dataclasses
import importlib
import struct
from typing import Any, Callable, Dict, List, NamedTuple

from componentize_py_types import Err


class Raised(NamedTuple):
    """An error that is raised instead of a result."""

    value: Any


class Own(NamedTuple):
    """A thing of this app's is expected: the very same."""

    number: int


class Theirs(NamedTuple):
    """A thing of the host's is expected, for good or for the time of the call."""

    kind: type
    number: int
    keep: bool


def f32(bits: int) -> float:
    return struct.unpack("<f", struct.pack("<I", bits))[0]


def f64(bits: int) -> float:
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


_things: Dict[int, Any] = {}


def make(place: str, number: int) -> Any:
    """A new thing of this app's."""
    module, name = place.split(".")
    kind = getattr(importlib.import_module(module), name)
    thing = kind.__new__(kind)
    _things[number] = thing
    return thing


def give(number: int) -> Any:
    return _things.pop(number)


def lend(number: int) -> Any:
    return _things[number]


def same(where: str, got: Any, expected: Any) -> None:
    """Raises unless all of a value is as expected, with its types; floats by their bits, but for those of NaN."""
    if isinstance(expected, Own):
        if got is not _things[expected.number]:
            raise AssertionError(f"{where}: got {got!r}, not the thing {expected.number}")
    elif isinstance(expected, Theirs):
        if type(got) is not expected.kind:
            raise AssertionError(f"{where}: got {got!r}, not a {expected.kind}")
        if expected.keep:
            _things[expected.number] = got
    elif hasattr(expected, "compare"):
        expected.compare(where, got)
    elif type(got) is not type(expected):
        raise AssertionError(f"{where}: got {got!r}, not {expected!r}")
    elif isinstance(expected, float):
        both_are_nan = got != got and expected != expected
        if not both_are_nan and struct.pack("<d", got) != struct.pack("<d", expected):
            raise AssertionError(f"{where}: got {got!r}, not {expected!r}")
    elif isinstance(expected, (list, tuple)):
        if len(got) != len(expected):
            raise AssertionError(f"{where}: got {len(got)} items, not {len(expected)}")
        for index, (ours, theirs) in enumerate(zip(got, expected)):
            same(f"{where}[{index}]", ours, theirs)
    elif dataclasses.is_dataclass(expected):
        for field in dataclasses.fields(expected):
            same(f"{where}.{field.name}", getattr(got, field.name), getattr(expected, field.name))
    elif got != expected:
        raise AssertionError(f"{where}: got {got!r}, not {expected!r}")


class Answer(NamedTuple):
    """A call of an export that will come."""

    arguments: Callable[[], tuple]
    outcome: Callable[[], Any]
    function: int
    seed: int

    def give(self) -> Any:
        result = self.outcome()
        if isinstance(result, Raised):
            raise Err(result.value)
        return result


_answers: Dict[str, List[Answer]] = {}


def expect(
    key: str, arguments: Callable[[], tuple], outcome: Callable[[], Any], function: int, seed: int
) -> None:
    """The next call of an export will have these arguments and this outcome."""
    _answers.setdefault(key, []).append(Answer(arguments, outcome, function, seed))


def asked(key: str, arguments: tuple) -> Answer:
    """The answer to a call, whose arguments are as expected."""
    expected = _answers[key].pop(0)
    same(key, arguments, expected.arguments())
    return expected


def answer(key: str, arguments: tuple) -> Any:
    return asked(key, arguments).give()


def answer_constructor(key: str, thing: Any, arguments: tuple) -> None:
    """As `answer`; the outcome is the number of the thing that is being made."""
    _things[answer(key, arguments)] = thing


def check(key: str, call: Callable[[], Any], outcome: Callable[[], Any]) -> None:
    """Calls an import."""
    try:
        got = call()
    except Err as error:
        got = Raised(error.value)
    same_outcome(key, got, outcome())


def same_outcome(key: str, got: Any, expected: Any) -> None:
    """As `same`, of what a call gives or raises."""
    if isinstance(got, Raised) != isinstance(expected, Raised):
        raise AssertionError(f"{key}: got {got!r}, not {expected!r}")
    if isinstance(got, Raised):
        got, expected = got.value, expected.value
    same(key, got, expected)

"""
The values that stand for WIT's `result` and for an `option` inside an `option`.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar, Union

S = TypeVar("S")
T = TypeVar("T")
E = TypeVar("E")


@dataclass
class Some(Generic[S]):
    """
    The value of an `option` whose payload is an `option` itself.

    It tells `some(none)` from `none`; a plain `option` is the value or `None`.
    """

    value: S


@dataclass
class Ok(Generic[T]):
    """
    The success of a `result`.
    """

    value: T


@dataclass(frozen=True)
class _Err(Generic[E], Exception):
    value: E


# A subclass: only `value` is frozen, the interpreter's own attributes of an exception are not.
class Err(_Err[E]):
    """
    The failure of a `result`: returned where the result is a value, raised where it is
    the result of a function.
    """


Result = Union[Ok[T], Err[E]]
"""
A `result` of WIT, where it is a value.
"""


@dataclass(frozen=True)
class ErrorContext:
    """
    An `error-context`: what went wrong, in words for people.
    """

    debug_message: str

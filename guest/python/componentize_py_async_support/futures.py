"""The ends of futures."""

from typing import Generic, TypeVar

from componentize_py_async_support._ends import End

T = TypeVar("T")


class FutureReader(End, Generic[T]):
    """The end of a `future<T>` that is read."""


class FutureWriter(End, Generic[T]):
    """The end of a `future<T>` that is written."""

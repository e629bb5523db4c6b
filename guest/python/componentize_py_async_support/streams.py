"""The ends of streams."""

from typing import Generic, TypeVar

from componentize_py_async_support._ends import End

T = TypeVar("T")


class StreamReader(End, Generic[T]):
    """The end of a `stream<T>` that is read."""


class StreamWriter(End, Generic[T]):
    """The end of a `stream<T>` that is written."""


class ByteStreamReader(End):
    """The end of a `stream<u8>` that is read."""


class ByteStreamWriter(End):
    """The end of a `stream<u8>` that is written."""

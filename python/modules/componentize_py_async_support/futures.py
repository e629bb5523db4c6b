"""The ends of futures."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from typing import Any, Generic, Self, TypeVar

from componentize_py_async_support._ends import End, ReadingEnd
from componentize_py_async_support._native import check_running
from componentize_py_async_support._pipes import (
    DROPPED_READER,
    DROPPED_WRITER,
    WRITTEN,
    Gone,
    Slot,
)

T = TypeVar("T")


class FutureReader(ReadingEnd, Generic[T]):
    """The end of a `future<T>` that is read; it can be awaited, too."""

    __slots__ = ()

    def __init__(self, *arguments: object, **named: object) -> None:
        raise TypeError(
            "FutureReader: readers come with the functions of the world that make futures, or that have some"
        )

    @classmethod
    def _of(cls, end: Any) -> Self:
        reader = cls.__new__(cls)
        reader._end = end
        return reader

    def read(self) -> Coroutine[Any, Any, T]:
        """The value, once it is there. It can be had once; if waiting for it is cancelled, it can be read again."""
        operation: Coroutine[Any, Any, T] = self._end.read(1, self)
        return operation

    def __await__(self) -> Generator[Any, None, T]:
        return self.read().__await__()

    def close(self) -> None:
        """Drop the reader now: the writer sees it."""
        end, self._end = self._end, DROPPED_READER
        end.drop_reader() if type(end) is Slot else end.drop()


class FutureWriter(End, Generic[T]):
    """The end of a `future<T>` that is written.

    A writer that is dropped before, or goes, writes what the function `default` gives: readers wait for a value.
    """

    __slots__ = ("_default",)

    _default: Callable[[], T]

    def __init__(self, *arguments: object, **named: object) -> None:
        raise TypeError(
            "FutureWriter: writers come with the functions of the world that make futures"
        )

    @classmethod
    def _of(cls, end: Any, default: Callable[[], T]) -> Self:
        writer = cls.__new__(cls)
        writer._end = end
        writer._default = default
        return writer

    async def write(self, value: T) -> bool:
        """Write the value: whether it was taken, which it is not if the reader is dropped."""
        end, self._end = self._end, WRITTEN
        if isinstance(end, Gone):
            raise ValueError(end.reason)
        try:
            taken: bool = await end.write(value, self)
        except BaseException:
            if end.is_open:
                self._end = end
            raise
        return taken

    def close(self) -> None:
        """Write the default, if nothing was written."""
        end, self._end = self._end, DROPPED_WRITER
        if not isinstance(end, Gone):
            end.settle(self._default)


def make_future(
    name: str, default: Callable[[], Any]
) -> tuple[FutureWriter[Any], FutureReader[Any]]:
    """The ends of a future, for the function of this name in the world's module."""
    check_running(name)
    slot = Slot(name)
    return FutureWriter._of(slot, default), FutureReader._of(slot)

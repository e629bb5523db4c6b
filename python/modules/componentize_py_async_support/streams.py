"""The ends of streams."""

from __future__ import annotations

from collections import deque
from collections.abc import Coroutine, Sequence
from typing import Any, Generic, Self, TypeVar

from componentize_py_async_support._ends import End, ReadingEnd
from componentize_py_async_support._native import check_running
from componentize_py_async_support._pipes import (
    DROPPED_READER,
    DROPPED_WRITER,
    Pipe,
)

T = TypeVar("T")
S = TypeVar("S")

# As many items as `async for` asks for at once.
AT_ONCE = 4096


class _Reader(ReadingEnd):
    __slots__ = ("_rest",)

    # What `async for` has read and not given yet.
    _rest: deque[Any] | None

    def __init__(self, *arguments: object, **named: object) -> None:
        raise TypeError(
            f"{type(self).__name__}: readers come with the functions of the world that make streams, or that have some"
        )

    @classmethod
    def _of(cls, end: Any) -> Self:
        reader = cls.__new__(cls)
        reader._end = end
        reader._rest = None
        return reader

    @property
    def writer_dropped(self) -> bool:
        """Whether a read has found that no more items come."""
        end = self._end
        return bool(end.dropped and end.spare is None and not self._rest)

    def close(self) -> None:
        """Drop the reader now: the writer sees it."""
        end, self._end = self._end, DROPPED_READER
        end.drop_reader() if type(end) is Pipe else end.drop()


class StreamReader(_Reader, Generic[T]):
    """The end of a `stream<T>` that is read.

    `async for` gives the items one by one.
    """

    __slots__ = ()

    def read(self, max_count: int) -> Coroutine[Any, Any, list[T]]:
        """The items that are there, at most so many; it waits for the first. None come once the writer is dropped."""
        operation: Coroutine[Any, Any, list[T]]
        operation = (
            self._take(max_count) if self._rest else self._end.read(max_count, self)
        )
        return operation

    async def _take(self, max_count: int) -> list[T]:
        rest = self._rest or deque()
        return [rest.popleft() for _ in range(min(max_count, len(rest)))]

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        rest = self._rest
        if not rest:
            rest = self._rest = deque(await self._end.read(AT_ONCE, self))
        if not rest:
            raise StopAsyncIteration
        item: T = rest.popleft()
        return item


class ByteStreamReader(_Reader):
    """The end of a `stream<u8>` that is read.

    `async for` gives what is there, as bytes.
    """

    __slots__ = ()

    def read(self, max_count: int) -> Coroutine[Any, Any, bytes]:
        """The bytes that are there, at most so many; it waits for the first. None come once the writer is dropped."""
        operation: Coroutine[Any, Any, bytes] = self._end.read(max_count, self)
        return operation

    async def readinto(self, buffer: bytearray | memoryview) -> int:
        """Fill a buffer from its start with what is there: how many bytes that is."""
        view = memoryview(buffer).cast("B")
        items: bytes = await self._end.read(len(view), self)
        view[: len(items)] = items
        return len(items)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        items: bytes = await self._end.read(1 << 16, self)
        if not items:
            raise StopAsyncIteration
        return items


class _Writer(End, Generic[S]):
    __slots__ = ()

    def __init__(self, *arguments: object, **named: object) -> None:
        raise TypeError(
            f"{type(self).__name__}: writers come with the functions of the world that make streams"
        )

    @classmethod
    def _of(cls, end: Any) -> Self:
        writer = cls.__new__(cls)
        writer._end = end
        return writer

    def _current(self) -> Any:
        """The end: the host's, once the reader has left."""
        end = self._end
        if type(end) is Pipe and end.end is not None:
            end = self._end = end.end
        return end

    @property
    def reader_dropped(self) -> bool:
        """Whether a write has found that the reader is gone."""
        end = self._current()
        return bool(end.reader_gone if type(end) is Pipe else end.dropped)

    def close(self) -> None:
        """Drop the writer now: the reader sees the end."""
        end, self._end = self._current(), DROPPED_WRITER
        end.drop_writer() if type(end) is Pipe else end.drop()

    def write(self, source: S) -> Coroutine[Any, Any, int]:
        """Offer items: how many were taken, which may be fewer. It waits for the reader; 0 once that is dropped."""
        operation: Coroutine[Any, Any, int] = self._current().write(source, self)
        return operation

    def write_all(self, source: S) -> Coroutine[Any, Any, int]:
        """Write until all items are taken or the reader is dropped: how many were taken."""
        end = self._end
        if type(end) is Pipe:
            end = self._current()
        operation: Coroutine[Any, Any, int] = end.write_all(source, self)
        return operation


class StreamWriter(_Writer[Sequence[T]], Generic[T]):
    """The end of a `stream<T>` that is written."""

    __slots__ = ()


class ByteStreamWriter(_Writer[bytes | bytearray | memoryview]):
    """The end of a `stream<u8>` that is written: its items are bytes."""

    __slots__ = ()


def make_stream(name: str) -> tuple[StreamWriter[Any], StreamReader[Any]]:
    """The ends of a stream, for the function of this name in the world's module."""
    check_running(name)
    pipe = Pipe(name, [])
    return StreamWriter._of(pipe), StreamReader._of(pipe)


def make_byte_stream(name: str) -> tuple[ByteStreamWriter, ByteStreamReader]:
    """The ends of a stream of bytes, for the function of this name in the world's module."""
    check_running(name)
    pipe = Pipe(name, b"")
    return ByteStreamWriter._of(pipe), ByteStreamReader._of(pipe)

"""The ends of streams."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Generic, Self, TypeVar

from componentize_py_async_support._ends import End, ReadingEnd
from componentize_py_async_support._native import check_running
from componentize_py_async_support._pipes import (
    DROPPED_READER,
    DROPPED_WRITER,
    Pipe,
)

T = TypeVar("T")

# As many items as `async for` asks for at once.
AT_ONCE = 4096


class _Reader(ReadingEnd):
    __slots__ = ("_rest", "writer_dropped")

    # What `async for` has read and not given yet.
    _rest: deque[Any] | None
    writer_dropped: bool

    def __init__(self, *arguments: object, **named: object) -> None:
        raise TypeError(
            f"{type(self).__name__}: readers come with the functions of the world that make streams, or that have some"
        )

    @classmethod
    def _of(cls, end: Any) -> Self:
        reader = cls.__new__(cls)
        reader._end = end
        reader._rest = None
        reader.writer_dropped = False
        return reader

    async def _read(self, max_count: int) -> Any:
        items = await self._end.read(max_count)
        if not items:
            end = self._end
            self.writer_dropped = end.writer_gone if type(end) is Pipe else end.dropped
        elif (
            type(self._end) is not Pipe
            and self._end.dropped
            and self._end.spare is None
        ):
            self.writer_dropped = True
        return items

    def close(self) -> None:
        """Drop the reader now: the writer sees it."""
        end, self._end = self._end, DROPPED_READER
        if type(end) is Pipe:
            end.drop_reader()
        else:
            end.drop()


class StreamReader(_Reader, Generic[T]):
    """The end of a `stream<T>` that is read.

    `async for` gives the items one by one.
    """

    __slots__ = ()

    async def read(self, max_count: int) -> list[T]:
        """The items that are there, at most so many; it waits for the first. None come once the writer is dropped."""
        rest = self._rest
        if rest:
            return [rest.popleft() for _ in range(min(max_count, len(rest)))]
        items: list[T] = await self._read(max_count)
        return items

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        rest = self._rest
        if not rest:
            rest = self._rest = deque(await self._read(AT_ONCE))
        if not rest:
            raise StopAsyncIteration
        item: T = rest.popleft()
        return item


class ByteStreamReader(_Reader):
    """The end of a `stream<u8>` that is read.

    `async for` gives what is there, as bytes.
    """

    __slots__ = ()

    async def read(self, max_count: int) -> bytes:
        """The bytes that are there, at most so many; it waits for the first. None come once the writer is dropped."""
        items: bytes = await self._read(max_count)
        return items

    async def readinto(self, buffer: bytearray | memoryview) -> int:
        """Fill a buffer from its start with what is there: how many bytes that is."""
        view = memoryview(buffer).cast("B")
        items = await self._read(len(view))
        view[: len(items)] = items
        return len(items)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        items: bytes = await self._read(1 << 16)
        if not items:
            raise StopAsyncIteration
        return items


class _Writer(End):
    __slots__ = ("reader_dropped",)

    reader_dropped: bool

    def __init__(self, *arguments: object, **named: object) -> None:
        raise TypeError(
            f"{type(self).__name__}: writers come with the functions of the world that make streams"
        )

    @classmethod
    def _of(cls, end: Any) -> Self:
        writer = cls.__new__(cls)
        writer._end = end
        writer.reader_dropped = False
        return writer

    async def _write(self, items: Any) -> int:
        end = self._end
        count: int = await end.write(items)
        if type(end) is Pipe:
            self.reader_dropped = (
                end.reader_gone if end.end is None else end.end.dropped
            )
        else:
            self.reader_dropped = end.dropped
        return count

    async def _write_all(self, items: Any) -> int:
        total = await self._write(items)
        length = len(items)
        if total < length and not self.reader_dropped:
            rest = (
                memoryview(items).cast("B")
                if isinstance(items, (bytes, bytearray, memoryview))
                else items
            )
            while total < length and not self.reader_dropped:
                total += await self._write(rest[total:])
        return total

    def close(self) -> None:
        """Drop the writer now: the reader sees the end."""
        end, self._end = self._end, DROPPED_WRITER
        if type(end) is Pipe:
            end.drop_writer()
        else:
            end.drop()


class StreamWriter(_Writer, Generic[T]):
    """The end of a `stream<T>` that is written."""

    __slots__ = ()

    async def write(self, source: Sequence[T]) -> int:
        """Offer items: how many were taken, which may be fewer. It waits for the reader; 0 once that is dropped."""
        return await self._write(source)

    async def write_all(self, source: Sequence[T]) -> int:
        """Write until all items are taken or the reader is dropped: how many were taken."""
        return await self._write_all(source)


class ByteStreamWriter(_Writer):
    """The end of a `stream<u8>` that is written."""

    __slots__ = ()

    async def write(self, source: bytes | bytearray | memoryview) -> int:
        """Offer bytes: how many were taken, which may be fewer. It waits for the reader; 0 once that is dropped."""
        return await self._write(source)

    async def write_all(self, source: bytes | bytearray | memoryview) -> int:
        """Write until all bytes are taken or the reader is dropped: how many were taken."""
        return await self._write_all(source)


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

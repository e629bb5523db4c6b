"""Streams and futures whose two ends are in one component, or in a test: they meet in Python.

As in the component model, a write waits until somebody reads, and takes no more than is read.
"""

import asyncio
from typing import Any


class Gone:
    """Stands for an end that is no more."""

    name = None
    dropped = True

    def __init__(self, reason: str) -> None:
        self.reason = reason

    async def read(self, count: int) -> Any:
        raise ValueError(self.reason)

    async def write(self, items: Any) -> Any:
        raise ValueError(self.reason)

    def drop(self) -> None:
        pass


DROPPED_READER = Gone("the reader was dropped")
DROPPED_WRITER = Gone("the writer was dropped")
PASSED_ON = Gone("the reader was passed on to a new owner")


class Meeting:
    """Where two ends wait for each other, until the reader leaves."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.reader_gone = False
        # The host's end for the writer, once the reader has left.
        self.end: Any = None
        self.waiting: dict[str, asyncio.Future[None]] = {}

    def wake(self, who: str) -> None:
        future = self.waiting.pop(who, None)
        if future is not None and not future.done():
            future.set_result(None)

    async def wait(self, who: str) -> None:
        if who in self.waiting:
            raise RuntimeError(
                f"a {who} of this stream is under way: await it before the next one"
            )
        future = self.waiting[who] = asyncio.get_running_loop().create_future()
        try:
            await future
        finally:
            if self.waiting.get(who) is future:
                del self.waiting[who]


class Pipe(Meeting):
    """Both ends of a stream."""

    def __init__(self, name: str, empty: Any) -> None:
        super().__init__(name)
        self.empty = empty
        self.writer_gone = False
        self.offered: Any = None
        self.taken = 0

    def connect(self, end: Any) -> None:
        self.end = end
        if self.writer_gone:
            end.drop()
        self.wake("write")

    async def read(self, count: int) -> Any:
        if count < 0:
            raise ValueError(f"read() takes how many items may come, not {count}")
        while self.offered is None and not self.writer_gone:
            await self.wait("read")
        if self.offered is None:
            return self.empty
        items = self.offered[:count]
        self.taken = len(items)
        self.offered = None
        self.wake("write")
        return items if type(items) is type(self.empty) else type(self.empty)(items)

    async def write(self, items: Any) -> int:
        if self.end is not None:
            count: int = await self.end.write(items)
            return count
        if self.reader_gone:
            return 0
        if self.offered is not None:
            raise RuntimeError(
                "a write of this stream is under way: await it before the next one"
            )
        self.offered = items if hasattr(items, "__getitem__") else list(items)
        self.taken = 0
        self.wake("read")
        try:
            await self.wait("write")
            if self.offered is not None and self.end is not None:
                self.offered = None
                return await self.end.write(items)
            return self.taken
        finally:
            self.offered = None

    def drop_reader(self) -> None:
        self.reader_gone = True
        self.offered = None
        self.wake("write")

    def drop_writer(self) -> None:
        self.writer_gone = True
        if self.end is not None:
            self.end.drop()
        self.wake("read")


class Slot(Meeting):
    """Both ends of a future."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.value: tuple[Any] | None = None
        self.taken = False

    def connect(self, end: Any) -> None:
        self.end = end
        self.wake("write")

    async def read(self, count: int) -> Any:
        while self.value is None:
            await self.wait("read")
        self.taken = True
        self.wake("write")
        return self.value[0]

    async def write(self, value: Any) -> bool:
        if self.end is None and not self.reader_gone:
            self.value = (value,)
            self.wake("read")
            while not self.taken and not self.reader_gone and self.end is None:
                try:
                    await self.wait("write")
                except BaseException:
                    if not self.taken:
                        self.value = None
                    raise
        if self.taken:
            return True
        if self.end is not None:
            return bool(await self.end.write(value))
        return False

    def drop_reader(self) -> None:
        self.reader_gone = True
        self.wake("write")

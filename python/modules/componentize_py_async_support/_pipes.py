"""Streams and futures whose two ends are in one component, or in a test: they meet in Python.

Each read and write takes the end's owner, too, which drops the end when it goes. As in the component model, a write waits until somebody reads, and takes no more than is read.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from componentize_py_async_support._native import do_later, spawn_task


class Gone:
    """Stands for an end that is no more."""

    name = None
    dropped = True
    spare = None
    leaves = False

    def __init__(self, reason: str) -> None:
        self.reason = reason

    async def read(self, count: int, owner: Any) -> Any:
        raise ValueError(self.reason)

    async def write(self, items: Any, owner: Any) -> Any:
        raise ValueError(self.reason)

    write_all = write

    def drop(self) -> None:
        pass


DROPPED_READER = Gone("the reader was dropped")
DROPPED_WRITER = Gone("the writer was dropped")
PASSED_ON = Gone("the reader was passed on to a new owner")
READ = Gone("the future was read before: it has one value")
WRITTEN = Gone("the future was written before: it takes one value")


class Meeting:
    """Where two ends wait for each other, until the reader leaves."""

    def __init__(self, name: str) -> None:
        # Of the function that made it.
        self.name: str | None = name
        self.reader_gone = False
        # Whether the arguments of a call have the reader.
        self.leaves = False
        # The host's end for the writer, once the reader has left.
        self.end: Any = None
        self.waiting: dict[str, asyncio.Future[None]] = {}

    def left(self) -> Any:
        """The host's end for the writer, if the reader has left."""
        return self.end

    def wake(self, who: str) -> None:
        future = self.waiting.pop(who, None)
        if future is not None and not future.done():
            future.set_result(None)

    async def wait(self, who: str) -> None:
        if who in self.waiting:
            raise under_way(who)
        future = self.waiting[who] = asyncio.get_running_loop().create_future()
        try:
            await future
        finally:
            if self.waiting.get(who) is future:
                del self.waiting[who]

    @property
    def is_read(self) -> bool:
        """Whether a read is under way."""
        return "read" in self.waiting

    def drop_reader(self) -> None:
        self.reader_gone = True
        self.wake("read")
        self.wake("write")


def under_way(who: str) -> RuntimeError:
    return RuntimeError(f"a {who} is under way: await it before the next one")


def has_items(items: Any) -> bool:
    """Whether it gives items in their order: a text, a set or a mapping is rather a mistake."""
    if isinstance(items, str | set | frozenset) or hasattr(items, "keys"):
        return False
    return hasattr(type(items), "__iter__") or hasattr(type(items), "__getitem__")


def as_bytes(items: Any) -> Any:
    """The bytes of a buffer; None of what has none."""
    try:
        view = memoryview(items)
    except TypeError:
        return None
    return view.cast("B") if view.c_contiguous else view.tobytes()


class Offer:
    """Items of a write."""

    def __init__(self, items: Any, is_all: bool) -> None:
        self.items = items
        self.is_all = is_all
        self.taken = 0
        self.is_open = True

    def take(self, count: int) -> Any:
        items = self.items[self.taken : self.taken + count]
        self.taken += len(items)
        self.is_open = self.is_all and self.taken < len(self.items)
        return items


class Pipe(Meeting):
    """Both ends of a stream."""

    spare = None

    def __init__(self, name: str, empty: Any) -> None:
        super().__init__(name)
        self.empty = empty
        self.writer_gone = False
        self.offer: Offer | None = None

    @property
    def dropped(self) -> bool:
        """Whether the reader finds no more."""
        return self.writer_gone and self.offer is None

    def connect(self, end: Any) -> None:
        self.end = end
        if self.writer_gone:
            end.drop()
        self.wake("write")

    async def read(self, count: int, owner: Any) -> Any:
        if count < 0:
            raise ValueError(f"read() takes how many items may come, not {count}")
        while not self.has_items() and not self.writer_gone and not self.reader_gone:
            await self.wait("read")
        offer = self.offer
        if offer is None or not self.has_items() or self.reader_gone:
            return self.empty
        items = offer.take(count)
        if not offer.is_open:
            self.wake("write")
        return items if type(items) is type(self.empty) else type(self.empty)(items)

    def has_items(self) -> bool:
        return self.offer is not None and self.offer.is_open

    def sequence(self, items: Any) -> Any:
        """What a write offers: bytes, or a sequence."""
        is_bytes = self.empty == b""
        buffer = as_bytes(items) if is_bytes else None
        if buffer is not None:
            return buffer
        if not has_items(items):
            given = "None" if items is None else type(items).__name__
            raise TypeError(
                f"{self.name}.write(): the items must be a list or another sequence, not {given}"
            )
        if is_bytes:
            return bytes([*items])
        return items if isinstance(items, Sequence) else list(items)

    async def write(self, items: Any, owner: Any) -> int:
        return await self.put(items, False, owner)

    async def write_all(self, items: Any, owner: Any) -> int:
        return await self.put(items, True, owner)

    async def put(self, items: Any, is_all: bool, owner: Any) -> int:
        if self.offer is not None:
            raise under_way("write")
        items = self.sequence(items)
        if self.reader_gone or not len(items):
            return 0
        offer = self.offer = Offer(items, is_all)
        try:
            if self.left() is None:
                self.wake("read")
                await self.wait("write")
        finally:
            self.offer = None
        end = self.left()
        if end is None or not offer.is_open:
            return offer.taken
        # The reader has left: the host's end has the rest.
        rest = items[offer.taken :]
        count: int = await (end.write_all if is_all else end.write)(rest, owner)
        return offer.taken + count

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
        self.default: Callable[[], Any] | None = None
        self.taken = False
        # To the host, once the reader has left.
        self.offered = False

    def connect(self, end: Any) -> None:
        self.end = end
        self.wake("write")
        if self.default is not None:
            write_later(end, self.default)

    @property
    def is_open(self) -> bool:
        """Whether a value can be written yet."""
        if self.end is not None:
            return bool(self.end.is_open) and not self.offered
        return not self.taken and not self.reader_gone

    async def read(self, count: int, owner: Any) -> Any:
        if self.taken:
            raise ValueError(READ.reason)
        while self.value is None and self.default is None:
            await self.wait("read")
            if self.reader_gone:
                raise ValueError(DROPPED_READER.reason)
        if self.value is None and self.default is not None:
            self.value = (self.default(),)
        self.taken = True
        # It cannot be passed on any more.
        self.name = None
        self.wake("write")
        return None if self.value is None else self.value[0]

    async def write(self, value: Any, owner: Any) -> bool:
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
        end = self.left()
        return end is not None and await self.offer_to_host(end, value, owner)

    async def offer_to_host(self, end: Any, value: Any, owner: Any) -> bool:
        """What is offered stays so if nobody waits for it any more: Wasmtime traps at a second offer (48; not in the specification)."""
        self.offered = True
        offer = asyncio.ensure_future(end.write(value, owner))
        try:
            return bool(await asyncio.shield(offer))
        except Exception:
            self.offered = False
            raise

    def settle(self, default: Callable[[], Any]) -> None:
        """The writer goes without a value: the reader gets the default."""
        if self.end is not None:
            write_later(self.end, default)
        else:
            self.default = default
            self.wake("read")


def write_later(end: Any, default: Callable[[], Any]) -> None:
    async def write() -> None:
        await end.write(default(), None)

    do_later(lambda: spawn_task(write()))

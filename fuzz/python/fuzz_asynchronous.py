"""What fuzzed apps of asynchronous worlds share: calls that are made at once, and the
ends of streams and futures, with pauses, pieces and cancellations that chance has made.
"""

import asyncio
import contextlib
import inspect
from random import Random
from typing import Any, Awaitable, Callable, Coroutine, List, NamedTuple, Set

import wit_world
from componentize_py_async_support.futures import FutureReader
from componentize_py_async_support.streams import ByteStreamReader, StreamReader
from componentize_py_types import Err

from fuzz_harness import Raised, asked, same, same_outcome

# As many items as are given or taken at once, and as many bytes.
MOST_AT_ONCE = 6
MOST_BYTES = 60

# What synchronous functions have left to do, and what is being done.
_left: List[Coroutine] = []
_running: Set[asyncio.Task] = set()


def start(coroutine: Coroutine) -> None:
    """Has it done beside what is running, or once something is."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        _left.append(coroutine)
    else:
        _running.add(loop.create_task(coroutine))


async def settle() -> None:
    """Returns when all of it is done; raises what has failed."""
    while _left or _running:
        while _left:
            start(_left.pop())
        done, _ = await asyncio.wait(_running, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            _running.discard(task)
            task.result()


async def pause(chance: Random) -> None:
    """Lets others go on now and then, those in the app or the host too."""
    for _ in range(chance.choice((0, 0, 1, 2))):
        if chance.random() < 0.5:
            await asyncio.sleep(0)
        else:
            await wit_world.ampoule_fuzz_pause(chance.randrange(4))


async def interrupted(chance: Random, begin: Callable[[], Awaitable]) -> Any:
    """What it gives in the end, after it was begun and cancelled now and then."""
    while chance.random() < 0.3:
        task = asyncio.ensure_future(begin())
        await pause(chance)
        task.cancel()
        try:
            return await task
        except asyncio.CancelledError:
            pass
    return await begin()


async def answer_later(key: str, arguments: tuple) -> Any:
    answer = asked(key, arguments)
    wit_world.ampoule_fuzz_begin(answer.function)
    chance = Random(answer.seed)
    await pause(chance)
    return answer.give()


async def check(
    key: str, call: Callable, outcome: Callable, seed: int, can_be_cancelled: bool
) -> None:
    """Calls an import."""
    chance = Random(seed)
    await pause(chance)
    try:
        if can_be_cancelled:
            got = await interrupted(chance, call)
        else:
            got = call()
            if inspect.iscoroutine(got):
                got = await got
    except Err as error:
        got = Raised(error.value)
    same_outcome(key, got, outcome())


async def at_once(*calls: Coroutine) -> None:
    await asyncio.gather(*calls)


async def inside(where: str, reader: Any, expected: Any) -> None:
    """Both ends of a stream or a future are in the app."""
    expected.compare(where, reader)


def left_by_chance(end: Any, chance: Random) -> Any:
    """The end is dropped by leaving this, or when nothing refers to it."""
    return end if chance.random() < 0.5 else contextlib.nullcontext()


def most(items: Any) -> int:
    return MOST_BYTES if isinstance(items, bytes) else MOST_AT_ONCE


def stream(make: Callable, items: Any, taken: int, seed: int, abandoned: bool) -> Any:
    """The reader of a new stream, to which the items are written."""
    writer, reader = make()
    start(_write(writer, items, taken, Random(seed), abandoned))
    return reader


async def _write(
    writer: Any, items: Any, taken: int, chance: Random, abandoned: bool
) -> None:
    end = chance.randrange(len(items) + 1) if abandoned else len(items)
    count = 0
    async with left_by_chance(writer, chance):
        while count < end and not writer.reader_dropped:
            await pause(chance)
            piece = items[count : count + 1 + chance.randrange(most(items))]
            if isinstance(piece, bytes):
                piece = chance.choice((bytes, bytearray, memoryview))(piece)
            write = writer.write_all if chance.random() < 0.3 else writer.write
            count += await write(piece)
        if abandoned:
            await give_up(chance, lambda: writer.write(items[count:]))
        else:
            await pause(chance)
    if not abandoned and count < taken:
        raise AssertionError(f"{count} items were taken of {taken}")


async def give_up(chance: Random, begin: Callable[[], Awaitable]) -> None:
    """Begins it and cancels it."""
    task = asyncio.ensure_future(begin())
    await pause(chance)
    task.cancel()
    await asyncio.wait([task])


def future(make: Callable, value: Any, taken: int, seed: int, abandoned: bool) -> Any:
    """The reader of a new future, to which the value is written."""
    writer, reader = make(lambda: value if abandoned else _unexpected())
    start(_fulfil(writer, value, taken, Random(seed), abandoned))
    return reader


def _unexpected() -> Any:
    raise AssertionError("the default of a future that is written")


async def _fulfil(
    writer: Any, value: Any, taken: int, chance: Random, abandoned: bool
) -> None:
    await pause(chance)
    if abandoned:
        if chance.random() < 0.5:
            writer.close()
        return
    # It is not cancelled: Wasmtime 48 takes no other write of a future after that.
    if not await writer.write(value) and taken:
        raise AssertionError(f"nobody took {value!r}")


class Stream(NamedTuple):
    """A reader is expected that gives these items."""

    items: Any
    taken: int
    seed: int

    def compare(self, where: str, got: Any) -> None:
        kind = ByteStreamReader if isinstance(self.items, bytes) else StreamReader
        if type(got) is not kind:
            raise AssertionError(f"{where}: got {got!r}, not a {kind}")
        start(self._compare_items(where, got))

    async def _compare_items(self, where: str, reader: Any) -> None:
        chance = Random(self.seed)
        async with left_by_chance(reader, chance):
            if self.taken < len(self.items):
                got = await self._some(reader, chance)
            elif chance.random() < 0.2:
                await pause(chance)
                got = await _iterated(reader)
            else:
                got = await self._all(reader, chance)
        same(where, got, self.items[: self.taken])

    async def _some(self, reader: Any, chance: Random) -> Any:
        got = self.items[:0]
        while len(got) < self.taken:
            most = min(MOST_AT_ONCE, self.taken - len(got))
            got += await self._piece(reader, chance, most)
        return got

    async def _all(self, reader: Any, chance: Random) -> Any:
        got = self.items[:0]
        while piece := await self._piece(reader, chance, most(self.items)):
            got += piece
        if not reader.writer_dropped:
            raise AssertionError("the writer is there, and gives nothing")
        return got

    async def _piece(self, reader: Any, chance: Random, most: int) -> Any:
        await pause(chance)
        if chance.random() < 0.1:
            nothing = await interrupted(chance, lambda: reader.read(0))
            same("a read of no items", nothing, self.items[:0])
        count = 1 + chance.randrange(most)
        if isinstance(self.items, bytes) and chance.random() < 0.3:
            buffer = bytearray(count)
            count = await interrupted(chance, lambda: reader.readinto(buffer))
            return bytes(buffer[:count])
        return await interrupted(chance, lambda: reader.read(count))


async def _iterated(reader: Any) -> Any:
    pieces = [piece async for piece in reader]
    return b"".join(pieces) if isinstance(reader, ByteStreamReader) else pieces


class Future(NamedTuple):
    """A reader is expected that gives this value."""

    value: Any
    taken: int
    seed: int

    def compare(self, where: str, got: Any) -> None:
        if type(got) is not FutureReader:
            raise AssertionError(f"{where}: got {got!r}, not a FutureReader")
        start(self._compare_value(where, got))

    async def _compare_value(self, where: str, reader: Any) -> None:
        chance = Random(self.seed)
        await pause(chance)
        if self.taken:
            same(where, await interrupted(chance, reader.read), self.value)
        elif chance.random() < 0.5:
            reader.close()

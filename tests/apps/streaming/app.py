"""Streams and futures that somebody cancels, drops or is slow with."""

import asyncio
import gc
from array import array
from random import Random

import wit_world
from componentize_py_async_support import spawn
from wit_world.imports import host

ROUNDS = 1000


async def nothing() -> None:
    pass


async def in_time(read, seconds: float):
    """What comes in time, or None."""
    try:
        return await asyncio.wait_for(read, seconds)
    except TimeoutError:
        return None


async def in_turns(read, turns: int):
    """What comes in so many turns of the loop, or None."""
    task = asyncio.create_task(read)
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    try:
        return await task
    except asyncio.CancelledError:
        return None


async def cancelled_reads_of_bytes():
    random = Random(1)
    length = 200_000
    got = bytearray()
    async with host.bytes(length) as reader:
        for number in range(ROUNDS):
            read = reader.read(random.randint(1, 300))
            if number % 2:
                got += await in_time(read, random.random() / 1000) or b""
            else:
                got += await in_turns(read, random.randint(0, 3)) or b""
        while chunk := await reader.read(1000):
            got += chunk
    return len(got), bytes(got) == bytes(number % 251 for number in range(length)), reader.writer_dropped


async def cancelled_reads_of_numbers():
    random = Random(2)
    got: list[int] = []
    count = 20_000
    async with host.numbers(count) as reader:
        for number in range(ROUNDS):
            read = reader.read(random.randint(1, 30))
            if number % 2:
                got += await in_time(read, random.random() / 1000) or []
            else:
                got += await in_turns(read, random.randint(0, 3)) or []
        async for number in reader:
            got.append(number)
    return len(got), got == list(range(count))


async def cancelled_reads_of_futures():
    found = set()
    for number in range(100):
        late = host.later(number % 4, str(number))
        text = await in_time(late.read(), (number % 3) / 1000)
        found.add((await late if text is None else text) == str(number))
    return found


async def cancelled_reads_inside():
    """The same where both ends are in the app."""
    random = Random(3)
    writer, reader = wit_world.string_stream()

    async def write() -> None:
        with writer:
            for number in range(ROUNDS):
                await writer.write_all([f"{number}a", f"{number}b"])
                await asyncio.sleep(0)

    task = asyncio.create_task(write())
    got: list[str] = []
    while not reader.writer_dropped:
        got += await in_turns(reader.read(random.randint(1, 3)), random.randint(0, 3)) or []
    await task
    return got == [f"{number}{letter}" for number in range(ROUNDS) for letter in "ab"]


async def writes_that_wait_for_a_reader_to_leave():
    writer, reader = wit_world.string_stream()
    early = asyncio.create_task(writer.write_all(["a", "b", "c"]))
    await asyncio.sleep(0)
    texts = asyncio.create_task(host.texts(reader))
    with writer:
        first = await early
        rest = await writer.write_all(["d", "e"])
    return first, rest, await texts


async def a_write_that_is_cancelled():
    writer, reader = wit_world.string_stream()
    texts = asyncio.create_task(host.texts(reader))
    await asyncio.sleep(0)
    await in_turns(writer.write(["first"]), 0)
    with writer:
        await writer.write_all(["second"])
    return (await texts)[-1]


async def two_reads_at_once():
    late = host.later(20, "late")
    writer, inside = wit_world.string_stream()
    refused = []
    for read in (late.read, lambda: inside.read(1)):
        first = asyncio.create_task(read())
        await asyncio.sleep(0)
        try:
            await read()
        except RuntimeError as error:
            refused.append(str(error))
        if read == late.read:
            text = await first
    writer.close()
    return refused, text, await first


async def a_reader_that_is_dropped_in_a_read():
    reader = host.bytes(1_000_000)
    await reader.read(1)
    read = asyncio.create_task(reader.read(1_000_000))
    await asyncio.sleep(0)
    reader.close()
    await asyncio.wait([read])
    return "the app goes on"


async def futures_whose_readers_are_dropped():
    writer, reader = wit_world.string_future(lambda: "default")
    host.forget(reader)
    taken = await writer.write("for nobody")
    writer, reader = wit_world.string_future(lambda: "default")
    reader.close()
    return taken, await writer.write("for nobody")


async def futures_without_a_value():
    texts = []
    writer, reader = wit_world.string_future(lambda: "collected")
    texts.append(asyncio.create_task(host.get(reader)))
    del writer
    gc.collect()
    writer, reader = wit_world.string_future(lambda: "closed")
    texts.append(asyncio.create_task(host.get(reader)))
    writer.close()
    with wit_world.string_future(lambda: "left")[0]:
        pass
    writer, reader = wit_world.string_future(lambda: "inside")
    del writer
    return await asyncio.gather(*texts), await reader


async def items_of_any_kind():
    writer, reader = wit_world.byte_stream()
    count = asyncio.create_task(host.count(reader))
    view = memoryview(bytearray(range(100)))
    with writer:
        for items in (b"abc", bytearray(5), view[::1], view[10:20], [1, 2], (3, 4), range(5), b""):
            await writer.write_all(items)
        refused = []
        for items in (view[::2], "text", [256], [-1], ["a"], 5, None):
            try:
                await writer.write_all(items)
            except (TypeError, ValueError, OverflowError, BufferError) as error:
                refused.append(type(error).__name__)
    return await count, refused


async def reads_of_more_than_there_is():
    """They make no room for all that they ask for."""
    total = 0
    async with host.bytes(100_000) as reader:
        while chunk := await reader.read(1 << 28):
            total += len(chunk)
    numbers = []
    async with host.numbers(10_000) as reader:
        while some := await reader.read(1 << 28):
            numbers += some
    return total, len(numbers)


async def buffers_of_other_items():
    numbers = array("I", range(1000))
    writer, reader = wit_world.byte_stream()
    count = asyncio.create_task(host.count(reader))
    with writer:
        written = await writer.write_all(numbers)
    writer, reader = wit_world.byte_stream()
    task = asyncio.create_task(writer.write_all(numbers))
    first = await reader.read(7)
    got = first
    while len(got) < 4000:
        got += await reader.read(1000)
    return written, await count, len(first), got == numbers.tobytes()


async def empty_writes():
    """They end nothing."""
    counts = []
    writer, reader = wit_world.byte_stream()
    count = asyncio.create_task(host.count(reader))
    with writer:
        for chunk in (b"", b"ab", b"", b"c", b""):
            counts.append(await writer.write_all(chunk))
    writer, reader = wit_world.string_stream()

    async def write() -> None:
        with writer:
            for items in ([], ["a", "b"], [], ["c"], []):
                await writer.write_all(items)

    task = asyncio.create_task(write())
    got = [item async for item in reader]
    await task
    return counts, await count, got


async def items_that_were_iterated_over():
    """What `async for` has read and not given cannot be passed on."""
    reader = host.numbers(1000)
    async for _ in reader:
        if reader._rest:
            break
    try:
        await host.sum(reader)
    except ValueError as error:
        return type(error).__name__


async def a_long_write_inside():
    """It takes no time that grows with the square of its length."""
    writer, reader = wit_world.string_stream()
    task = asyncio.create_task(writer.write_all(["a"] * 50_000))
    got = 0
    while got < 50_000:
        got += len(await reader.read(1))
    return await task


async def iterators():
    writer, reader = wit_world.string_stream()
    texts = asyncio.create_task(host.texts(reader))
    written = 0
    with writer:
        for items in (iter("ab"), (letter for letter in "cd"), ["e"], dict(f=2).keys()):
            written += await writer.write_all(items)
    return written, "".join(await texts)


async def wrong_items_inside():
    """The writer hears of it."""
    writer, reader = wit_world.byte_stream()
    read = asyncio.create_task(reader.read(10))
    refused = []
    for items in ([256], "text", {1}, {1: 2}):
        try:
            await writer.write(items)
        except (TypeError, ValueError, OverflowError) as error:
            refused.append(type(error).__name__)
    try:
        await writer.write(5)
    except TypeError as error:
        refused.append(str(error))
    writer.close()
    assert await read == b""
    return refused


async def two_writes_at_once_inside():
    writer, reader = wit_world.byte_stream()
    first = asyncio.create_task(writer.write(b"abc"))
    await asyncio.sleep(0)
    # It has been read, and does not know yet.
    assert await reader.read(3) == b"abc"
    try:
        await writer.write(b"d")
    except RuntimeError as error:
        return type(error).__name__, await first


async def readers_that_are_closed_in_a_read():
    found = []
    for reader in (wit_world.string_stream()[1], wit_world.byte_stream()[1]):
        read = asyncio.create_task(reader.read(10))
        await asyncio.sleep(0)
        reader.close()
        found.append(await read)
    return tuple(found)


async def a_write_of_much():
    """The reader takes fifty bytes at a time."""
    writer, reader = wit_world.byte_stream()
    count = asyncio.create_task(host.count(reader))
    with writer:
        written = await writer.write_all(bytes(1 << 21))
    return written == 1 << 21, await count == 1 << 21


async def many_streams():
    """Ends are used up again and again."""
    for _ in range(2000):
        writer, reader = wit_world.byte_stream()
        count = asyncio.create_task(host.count(reader))
        with writer:
            await writer.write_all(b"abc")
        assert await count == 3
    return "done"


class WitWorld(wit_world.WitWorld):
    async def check(self, name: str) -> str:
        return repr(await globals()[name]())

    async def echo(self, bytes):
        writer, reader = wit_world.byte_stream()
        random = Random(4)

        async def work() -> None:
            async with writer, bytes:
                while chunk := await bytes.read(random.randint(1, 100_000)):
                    await writer.write_all(chunk)

        spawn(work())
        return reader

    def left(self):
        return wit_world.string_future(lambda: "default")[1]

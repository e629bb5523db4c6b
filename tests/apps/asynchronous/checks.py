"""What goes on in one call."""

import asyncio
import contextvars
import time

import app
import wit_world
from wit_world.imports import host


async def nothing():
    return None


async def timers():
    loop = asyncio.get_running_loop()
    start = loop.time()
    order = []
    loop.call_later(0.03, order.append, 3)
    loop.call_later(0.01, order.append, 1)
    cancelled = loop.call_later(0.005, order.append, 0)
    cancelled.cancel()
    loop.call_at(start + 0.02, order.append, 2)
    await asyncio.sleep(0.05)
    return order, 0.04 < loop.time() - start < 0.5


async def time_is_up():
    try:
        await asyncio.wait_for(host.after(5000, 1), 0.02)
    except TimeoutError:
        waited = "TimeoutError"
    try:
        async with asyncio.timeout(0.02):
            await host.after(5000, 1)
    except TimeoutError:
        return waited, "TimeoutError", host.under_way()


async def gathered():
    return sum(await asyncio.gather(*(host.after(1, i) for i in range(100)))), await host.at_once(5)


async def as_completed():
    return [await first for first in asyncio.as_completed([host.after(ms, ms) for ms in (40, 10, 25)])]


async def failing_group():
    async def fail():
        await asyncio.sleep(0.005)
        raise ValueError("of one")

    found = []
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(host.after(5000, 1))
            group.create_task(fail())
    except* ValueError as errors:
        found.extend(str(error) for error in errors.exceptions)
    return found, host.under_way()


async def context():
    app.found.set("set in a call")

    async def child():
        app.found.set("set in a child")

    await asyncio.create_task(child())
    return app.found.get()


async def context_of_others():
    return app.found.get()


async def bytes_read():
    reader = host.bytes(1_000_000, 70_000)
    total = 0
    sizes = set()
    with reader:
        while chunk := await reader.read(50_000):
            total += len(chunk)
            sizes.add(len(chunk) <= 50_000)
    return total, sizes, reader.writer_dropped


async def bytes_iterated():
    buffer = bytearray(8)
    async with host.bytes(20, 7) as reader:
        first = await reader.readinto(buffer)
        rest = b"".join([chunk async for chunk in reader])
    return first, bytes(buffer[:first]) + rest == bytes(range(20))


async def numbers_written():
    writer, reader = wit_world.u32_stream()
    sum = asyncio.create_task(host.sum(reader, 7))
    with writer:
        written = await writer.write_all(range(1000))
        written += await writer.write_all([1, 2, 3])
    return written, await sum


async def bytes_written():
    writer, reader = wit_world.byte_stream()
    count = asyncio.create_task(host.count(reader))
    with writer:
        for chunk in (b"abc", bytearray(100_000), memoryview(bytes(5)), [1, 2, 3], b""):
            await writer.write_all(chunk)
    return await count


async def futures():
    writer, reader = wit_world.string_future(lambda: "default")
    got = asyncio.create_task(host.get(reader))
    taken = await writer.write("hello")
    again = await refused(writer.write("again"))
    late = host.later(10, "late")
    first = await late
    return taken, again, await got, first, await refused(late.read())


async def defaults():
    got = []
    writer, reader = wit_world.string_future(lambda: "default")
    got.append(asyncio.create_task(host.get(reader)))
    await asyncio.sleep(0)
    del writer
    with wit_world.string_future(lambda: "left")[0] as writer:
        pass
    return await got[0]


async def cancelled_reads():
    late = host.later(30, "late")
    try:
        await asyncio.wait_for(late.read(), 0.005)
    except TimeoutError:
        return await late.read()


async def inside():
    """A stream that never leaves."""
    writer, reader = wit_world.string_stream()

    async def write():
        with writer:
            return await writer.write_all(["a", "b", "c", "d"])

    task = asyncio.create_task(write())
    two = await reader.read(2)
    rest = [item async for item in reader]
    return two, rest, await task


async def wrong_items():
    writer, reader = wit_world.u32_stream()
    task = asyncio.create_task(host.sum(reader, 1))
    await asyncio.sleep(0)
    wrong = await refused(writer.write([1, "2"]))
    negative = await refused(writer.write([1, 2, -1]))
    text = await refused(writer.write("12"))
    others = [await refused(writer.write(items)) for items in (5, {1}, {1: 2})]
    passed_on = await refused(reader.read(1))
    with writer:
        await writer.write_all([4])
    return wrong, negative, text, others, passed_on, await task, await refused(writer.write([1]))


async def reader_gone():
    writer, reader = wit_world.string_stream()
    host.forget(reader)
    return await writer.write_all(["a", "b"]), writer.reader_dropped


async def background():
    """What fails in the background ends nothing else."""

    async def fail():
        raise ValueError("in the background")

    asyncio.create_task(fail())
    await asyncio.sleep(0)
    handled = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: handled.append(context["message"]))
    app.spawn(fail())
    await asyncio.sleep(0.01)
    asyncio.get_running_loop().set_exception_handler(None)
    return handled


async def many():
    for i in range(20_000):
        await host.at_once(i)
    return "done"


async def refused(awaitable):
    try:
        return await awaitable
    except Exception as error:
        return f"{type(error).__name__}: {error}"


async def a_thread():
    return await asyncio.to_thread(lambda: 5)


async def queues():
    queue = asyncio.Queue(3)

    async def put():
        for i in range(100):
            await queue.put(i)

    task = asyncio.create_task(put())
    return sum([await queue.get() for _ in range(100)]), await task


async def shielded():
    task = asyncio.ensure_future(host.after(20, 9))
    try:
        await asyncio.wait_for(asyncio.shield(task), 0.002)
    except TimeoutError:
        return await task


async def clock():
    return abs(asyncio.get_running_loop().time() - time.monotonic()) < 1

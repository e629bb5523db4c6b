import asyncio
import io
import logging
import logging.handlers
import queue
import signal
import socket
import threading
import time

from asyncio import wrap_future
from concurrent.futures import ThreadPoolExecutor


class WitWorld:
    def check(self, name: str) -> str:
        try:
            return str(asyncio.run(globals()[name]()))
        except BaseException as error:
            return f"{type(error).__name__}: {error}"


async def sleeping():
    start = time.monotonic()
    await asyncio.sleep(0.03)
    return time.monotonic() - start >= 0.03


async def waiting_in_vain():
    try:
        await asyncio.wait_for(asyncio.sleep(100), 0.01)
    except TimeoutError:
        return "timed out"


async def timeout():
    async with asyncio.timeout(0.01):
        await asyncio.sleep(100)


async def gathering():
    return await asyncio.gather(*(asyncio.sleep(0.001 * (5 - number), number) for number in range(5)))


async def as_completed():
    ended = [asyncio.Event() for _ in range(4)]
    ended[0].set()

    async def turn(number):
        await ended[number - 1].wait()
        ended[number].set()
        return number

    turns = [turn(number) for number in (3, 1, 2)]
    return [await first for first in asyncio.as_completed(turns)]


async def group():
    queue = asyncio.Queue(2)

    async def produce():
        for number in range(5):
            await queue.put(number)

    async def consume():
        return [await queue.get() for _ in range(5)]

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(produce())
        consumer = tasks.create_task(consume())
    return consumer.result()


async def failing_group():
    async def fail():
        raise ValueError("one")

    endless, found = None, None
    try:
        async with asyncio.TaskGroup() as tasks:
            endless = tasks.create_task(asyncio.sleep(100))
            tasks.create_task(fail())
    except* ValueError as errors:
        found = [str(error) for error in errors.exceptions]
    return endless.cancelled(), found


async def cancelling():
    task = asyncio.create_task(asyncio.sleep(100))
    await asyncio.sleep(0)
    task.cancel("enough")
    try:
        await task
    except asyncio.CancelledError as error:
        return str(error), task.cancelled()


async def events():
    event, lock, order = asyncio.Event(), asyncio.Lock(), []

    async def wait(name):
        await event.wait()
        async with lock:
            order.append(name)
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(wait(name)) for name in "abc"]
    asyncio.get_running_loop().call_later(0.005, event.set)
    await asyncio.gather(*tasks)
    return order


async def streams():
    reader = asyncio.StreamReader()
    reader.feed_data(b"one\ntwo")
    reader.feed_eof()
    return await reader.readline(), await reader.read()


async def waiting_for_nothing():
    await asyncio.get_running_loop().create_future()


async def thread():
    threading.Thread(target=print).start()


async def to_thread():
    def work(number):
        # As in a thread, no loop runs here, and a loop of its own may.
        return number + asyncio.run(asyncio.sleep(0.001, 1))

    numbers = await asyncio.gather(*(asyncio.to_thread(work, number) for number in range(3)))
    return numbers, asyncio.get_running_loop() is not None


async def failing_in_a_thread():
    await asyncio.to_thread(int, "x")


async def executor():
    names = []
    with ThreadPoolExecutor(2, initializer=names.append, initargs=("initialised",)) as pool:
        # Work that gives work to the same executor, and waits for it.
        nested = pool.submit(lambda: pool.submit(str.upper, "a").result())
        return names, nested.result(), list(pool.map(abs, (-1, -2))), await wrap_future(pool.submit(len, "abc"))


async def executor_that_cannot_begin():
    def fail():
        raise OSError("no")

    logging.getLogger("concurrent.futures").disabled = True
    ThreadPoolExecutor(initializer=fail).submit(print).result()


async def listener():
    lines = io.StringIO()
    records = queue.SimpleQueue()
    logger = logging.getLogger("listened")
    logger.addHandler(logging.handlers.QueueHandler(records))
    logger.propagate = False
    logger.warning("before")
    listens = logging.handlers.QueueListener(records, logging.StreamHandler(lines))
    listens.start()
    logger.warning("in between")
    at_once = lines.getvalue()
    listens.stop()
    logger.warning("after")
    return at_once, lines.getvalue() == at_once


async def support_of_other_worlds():
    import componentize_py_async_support
    from componentize_py_async_support.futures import FutureReader
    from componentize_py_async_support.streams import ByteStreamReader, StreamReader

    def annotated(stream: StreamReader[int], future: FutureReader[str]) -> None: ...

    componentize_py_async_support.spawn
    ByteStreamReader()


async def handling_a_signal():
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, print)


async def socket_without_permission():
    socket.socket()


async def process():
    await asyncio.create_subprocess_exec("true")


async def generator():
    async def numbers():
        for number in range(3):
            await asyncio.sleep(0)
            yield number

    return [number async for number in numbers()]

"""What `tests/apps/asynchronous` finds in a component it finds in a test, too, with a host in Python."""

import asyncio
import inspect
from unittest.mock import patch

import checks
import pytest
import wit_world
from wit_world.imports import host


class Host:
    """As `tests/components/asynchronous/host.rs`."""

    def __init__(self):
        self.calls = 0

    async def after(self, milliseconds, number):
        self.calls += 1
        try:
            await asyncio.sleep(milliseconds / 1000)
        finally:
            self.calls -= 1
        return number

    async def at_once(self, number):
        return number

    def under_way(self):
        return self.calls

    def bytes(self, length, piece):
        writer, reader = wit_world.byte_stream()

        async def give():
            with writer:
                for start in range(0, length, piece):
                    end = min(length, start + piece)
                    await writer.write_all(bytes(number % 256 for number in range(start, end)))

        self.giving = asyncio.create_task(give())
        return reader

    async def sum(self, items, at_a_time):
        total = 0
        with items:
            while some := await items.read(at_a_time):
                total += sum(some)
        return total

    async def count(self, bytes):
        async with bytes:
            return sum([len(chunk) async for chunk in bytes])

    async def get(self, text):
        with text:
            return await text

    def later(self, milliseconds, text):
        writer, reader = wit_world.string_future(lambda: "default")

        async def write():
            await asyncio.sleep(milliseconds / 1000)
            await writer.write(text)

        self.writing = asyncio.create_task(write())
        return reader

    def forget(self, items):
        items.close()


# Left out are contexts, which here are those of asyncio.run, and wrong items, which nobody looks at here.
EXPECTED = {
    "nothing": None,
    "timers": ([1, 2, 3], True),
    "clock": True,
    "time_is_up": ("TimeoutError", "TimeoutError", 0),
    "gathered": (4950, 5),
    "as_completed": [10, 25, 40],
    "failing_group": (["of one"], 0),
    "bytes_read": (1000000, {True}, True),
    "bytes_iterated": (7, True),
    "numbers_written": (1003, 499506),
    "bytes_written": 100011,
    "futures": (
        True,
        "ValueError: the future was written before: it takes one value",
        "hello",
        "late",
        "ValueError: the future was read before: it has one value",
    ),
    "defaults": "default",
    "cancelled_reads": "late",
    "inside": (["a", "b"], ["c", "d"], 4),
    "reader_gone": (0, True),
    "background": ["a task that was spawned has failed"],
    "many": "done",
    "a_thread": 5,
    "queues": (4950, None),
    "shielded": 9,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_check(name):
    methods = inspect.getmembers(Host(), inspect.ismethod)
    functions = {name: method for name, method in methods if name != "__init__"}
    with patch.multiple(host, **functions):
        assert asyncio.run(getattr(checks, name)()) == EXPECTED[name]

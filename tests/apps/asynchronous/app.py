"""Asynchronous exports, as users of asyncio write them."""

import asyncio
import contextvars

import checks
import wit_world
from componentize_py_async_support import spawn
from componentize_py_async_support.streams import ByteStreamReader
from componentize_py_types import Err
from wit_world.imports import host

event = asyncio.Event()
found = contextvars.ContextVar("found", default="nothing")
found.set("set at import")
number = 0


class WitWorld(wit_world.WitWorld):
    async def check(self, name: str) -> str:
        return repr(await getattr(checks, name)())

    async def add(self, a: int, b: int) -> int:
        return a + b

    async def divide(self, a: int, b: int) -> int:
        await asyncio.sleep(0)
        if b == 0:
            raise Err("no number")
        return a // b

    async def wait_for_event(self) -> int:
        await event.wait()
        return number

    async def set_event(self, value: int) -> None:
        global number
        number = value
        event.set()
        event.clear()

    async def sleep(self, milliseconds: int) -> int:
        return await host.after(milliseconds, milliseconds)

    async def echo(self, bytes: ByteStreamReader) -> ByteStreamReader:
        writer, reader = wit_world.byte_stream()

        async def copy() -> None:
            with bytes, writer:
                while chunk := await bytes.read(100_000):
                    await writer.write_all(chunk)

        spawn(copy())
        return reader

    async def busy(self, times: int) -> int:
        for _ in range(times):
            await asyncio.sleep(0)
        return times

    def run_a_loop(self, milliseconds: int) -> str:
        asyncio.run(asyncio.sleep(milliseconds / 1000))
        try:
            asyncio.run(host.after(1, 1))
        except RuntimeError as error:
            return str(error)[:60]

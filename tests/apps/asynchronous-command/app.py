"""A command of WASI 0.3 that ends in each way."""

import asyncio
import atexit
import sys

import wit_world
from componentize_py_async_support import spawn
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import stdin, stdout


async def prints() -> None:
    await asyncio.sleep(0.001)
    print("printed")


async def exits() -> None:
    await asyncio.sleep(0)
    sys.exit(3)


async def exits_at_once() -> None:
    sys.exit(3)


async def exits_in_a_task() -> None:
    asyncio.create_task(exits())
    await asyncio.sleep(60)


async def raises() -> None:
    await asyncio.sleep(0)
    raise ValueError("not today")


async def fails() -> None:
    raise Err(None)


async def spawns() -> None:
    """What it has spawned ends before the command does."""
    writer, reader = wit_world.byte_stream()
    written = stdout.write_via_stream(reader)

    async def write() -> None:
        with writer:
            for number in range(1000):
                await writer.write_all(b"%d\n" % number)
                if number % 100 == 0:
                    await asyncio.sleep(0.001)
        print(await written)

    spawn(write())


async def leaves_tasks() -> None:
    """What it has only begun is cancelled."""

    async def forever() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            print("cancelled")
            raise

    asyncio.create_task(forever())
    await asyncio.sleep(0)


async def copies() -> None:
    source, read = stdin.read_via_stream()
    written = stdout.write_via_stream(source)
    print(await written, await read)


class Run(exports.Run):
    async def run(self) -> None:
        atexit.register(print, "at exit")
        await globals()[sys.argv[1]]()

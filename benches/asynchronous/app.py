import asyncio

import wit_world
from componentize_py_async_support import spawn
from wit_world.imports import host


class WitWorld(wit_world.WitWorld):
    async def nop(self):
        pass

    async def await_imports(self, times):
        total = 0
        for number in range(times):
            total += await host.at_once(number)
        return total

    async def wait(self, number):
        return await host.later(number)

    async def gather_imports(self, times):
        return sum(await asyncio.gather(*map(host.later, range(times))))

    async def gather_futures(self, numbers):
        return sum(await asyncio.gather(*(number.read() for number in numbers)))

    async def read(self, bytes, at_a_time):
        length = 0
        with bytes:
            while chunk := await bytes.read(at_a_time):
                length += len(chunk)
        return length

    async def sum(self, numbers):
        total = 0
        with numbers:
            while chunk := await numbers.read(4096):
                total += sum(chunk)
        return total

    async def write(self, length, at_a_time):
        writer, reader = wit_world.byte_stream()
        chunk = bytes(at_a_time)

        async def write():
            with writer:
                for _ in range(length // at_a_time):
                    await writer.write_all(chunk)

        spawn(write())
        return reader

    async def echo(self, bytes):
        writer, reader = wit_world.byte_stream()

        async def copy():
            with bytes, writer:
                while chunk := await bytes.read(64 * 1024):
                    await writer.write_all(chunk)

        spawn(copy())
        return reader

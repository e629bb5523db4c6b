"""Lists of numbers that arrive by streams and futures, and stay for longer."""

import wit_world
from componentize_py_async_support import spawn

kept = []


def default():
    raise AssertionError("the future is written")


class WitWorld(wit_world.WitWorld):
    async def pass_(self, items, value):
        writer, reader = wit_world.list_f64_stream()
        value_writer, value_reader = wit_world.list_u16_future(default)

        async def work():
            async with writer, items:
                while some := await items.read(2):
                    kept.extend(some)
                    await writer.write_all(some)
            kept.append(await value.read())
            await value_writer.write(kept[-1])

        spawn(work())
        return reader, value_reader

    def seen(self):
        return [f"{type(list).__name__} {memoryview(list).format} {list.tolist()}" for list in kept]

"""Payloads of streams and futures, of every kind; things that are lent."""

import asyncio

import wit_world
from componentize_py_async_support import spawn
from wit_world.exports import names
from wit_world.imports.things import Thing as HostThing

# The functions that make a stream and a future for each function.
MAKERS = {
    "nothing": ("unit", "unit"),
    "truths": ("bool", "bool"),
    "bytes": ("byte", "u8"),
    "signed_bytes": ("byte", "s8"),
    "shorts": ("u16", "s16"),
    "integers": ("s32", "u32"),
    "longs": ("u64", "s64"),
    "floats": ("f32", "f64"),
    "letters": ("option_char", "char"),
    "texts": ("string", "string"),
    "byte_lists": ("list_u8", "list_u8"),
    "text_lists": ("list_string", "list_string"),
    "pairs": ("tuple2_u8_string", "tuple2_u8_string"),
    "options": ("option_u32", "option_option_u32"),
    "results": ("result_u32_string", "result_unit_u8"),
    "points": ("values_point", "values_point"),
    "shapes": ("values_shape", "values_shape"),
    "all_rights": ("values_rights", "values_rights"),
    "colors": ("values_color", "values_color"),
    "own_things": ("echo_thing", "echo_thing"),
    "host_things": ("things_thing", "things_thing"),
    "lists_of_things": ("list_things_thing", "option_echo_thing"),
    "streams": ("stream_u8", "stream_string"),
    "futures": ("future_string", "future_unit"),
}

seen: list[str] = []


class Thing:
    def __init__(self, name: str) -> None:
        self.own = name

    def name(self) -> str:
        return self.own


def described(value: object) -> str:
    """What the value is, without what differs from run to run."""
    match value:
        case Thing() | HostThing():
            return f"{type(value).__module__}.{type(value).__name__} {value.name()}"
        case list():
            return f"[{', '.join(map(described, value))}]"
        case str() | bytes() | None | int() | float():
            return repr(value)
    name = type(value).__name__
    return name if name.endswith("Reader") else repr(value)


def default() -> object:
    raise AssertionError("each future is written")


def echo(name: str):
    stream, future = MAKERS[name]

    async def method(self, items, value):
        writer, reader = getattr(wit_world, f"{stream}_stream")()
        value_writer, value_reader = getattr(wit_world, f"{future}_future")(default)
        seen.clear()

        async def pass_items() -> None:
            async with writer, items:
                while some := await items.read(2):
                    seen.extend(map(described, some))
                    await writer.write_all(some)

        async def pass_value() -> None:
            there = await value.read()
            seen.append(described(there))
            await value_writer.write(there)

        async def work() -> None:
            await pass_items()
            await pass_value()

        spawn(work())
        return reader, value_reader

    return method


class Echo(wit_world.exports.Echo):
    for name in MAKERS:
        locals()[name] = echo(name)

    def seen(self) -> list[str]:
        return seen

    async def made(self, count: int):
        writer, reader = wit_world.stream_u32_stream()
        value_writer, value_reader = wit_world.stream_string_future(default)

        async def give(number: int, writer) -> None:
            with writer:
                await writer.write_all(range(number))

        async def work() -> None:
            with writer:
                for number in range(count):
                    inner, inner_reader = wit_world.u32_stream()
                    spawn(give(number, inner))
                    await writer.write([inner_reader])
            inner, inner_reader = wit_world.string_stream()
            await value_writer.write(inner_reader)
            with inner:
                await inner.write_all(["the", "last"])

        spawn(work())
        return reader, value_reader


def changed(items, change, make_stream):
    writer, reader = make_stream()

    async def work() -> None:
        async with writer, items:
            async for chunk in items:
                await writer.write_all(change(chunk))

    spawn(work())
    return reader


class Names(wit_world.exports.Names):
    async def upper(self, text):
        return changed(text, bytes.upper, names.byte_stream)


class MoreNames(wit_world.exports.MoreNames):
    async def lower(self, text):
        return changed(text, bytes.lower, wit_world.byte_stream)


kept: list[HostThing] = []
waiting: list[asyncio.Event] = []


class Lending(wit_world.exports.Lending):
    async def keep(self, thing: HostThing) -> str:
        kept.append(thing)
        return thing.name()

    async def use_kept(self) -> str:
        try:
            return kept[0].name()
        except ValueError as error:
            return f"ValueError: {error}"
        finally:
            kept.clear()

    async def meet(self, thing: HostThing, how_many: int) -> str:
        event = asyncio.Event()
        waiting.append(event)
        if len(waiting) == how_many:
            for other in reversed(waiting):
                other.set()
            waiting.clear()
        await event.wait()
        return thing.name()

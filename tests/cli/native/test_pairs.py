"""Pairs of ends in a test: what is easily lost, and what waits for ever."""

import asyncio
import gc

import pytest
import wit_world


def run(check):
    return asyncio.run(asyncio.wait_for(check(), 10))


def test_empty_writes_end_nothing():
    async def check():
        writer, reader = wit_world.string_stream()

        async def write():
            async with writer:
                await writer.write_all([])
                await writer.write_all(["a"])
                await writer.write([])

        writing = asyncio.create_task(write())
        items = [item async for item in reader]
        await writing
        return items, reader.writer_dropped

    assert run(check) == (["a"], True)


def test_a_reader_that_is_closed_meanwhile():
    async def check():
        writer, reader = wit_world.string_stream()
        reading = asyncio.create_task(reader.read(1))
        await asyncio.sleep(0)
        reader.close()
        return await reading, await writer.write(["a"]), writer.reader_dropped

    assert run(check) == ([], 0, True)


def test_one_write_at_a_time():
    async def check():
        writer, reader = wit_world.string_stream()
        writing = asyncio.create_task(writer.write(["a", "b"]))
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="a write is under way"):
            await writer.write(["c"])
        return await reader.read(1), await writing

    assert run(check) == (["a"], 1)


def test_a_cancelled_read_loses_nothing():
    async def check():
        writer, reader = wit_world.byte_stream()
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(reader.read(5), 0.001)
        writing = asyncio.create_task(writer.write_all(b"hello world"))
        received = [await reader.read(5), await reader.read(100)]
        return received, await writing

    assert run(check) == ([b"hello", b" world"], 11)


def test_a_future_has_a_value_when_its_writer_goes():
    async def check():
        writer, reader = wit_world.string_future(lambda: "default")
        del writer
        gc.collect()
        return await reader

    assert run(check) == "default"


def test_ends_may_outlive_their_loop():
    async def check():
        return wit_world.string_future(lambda: "default"), wit_world.byte_stream()

    ends = run(check)
    del ends
    gc.collect()
    with wit_world.string_future(lambda: "default")[0]:
        pass

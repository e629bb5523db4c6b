"""The app of `examples/asynchronous`, with thermometers in Python."""

import asyncio
from unittest.mock import patch

import app
import pytest
import wit_world
from componentize_py_types import Err
from wit_world import Reading
from wit_world.imports import thermometers

ANSWERS = {"Oslo": 4.5, "Lima": 19.0, "Cairo": 31.5}
cancelled = []


async def measure(place: str) -> float:
    await asyncio.sleep(0)
    if place == "Pluto":
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(place)
            raise
    if place not in ANSWERS:
        raise Err(f"there is no thermometer in {place}")
    return ANSWERS[place]


@pytest.fixture
def world():
    # Those of a test before belong to the loop of that.
    shared = patch.multiple(app, readings=[], more=asyncio.Condition())
    with patch.object(thermometers, "measure", measure), shared:
        yield app.WitWorld()


def test_warmest(world):
    warmest = asyncio.run(world.warmest(["Oslo", "Atlantis", "Lima", "Pluto"], 50))
    assert warmest == Reading("Lima", 19.0)
    assert cancelled == ["Pluto"]


def test_nobody_answers(world):
    with pytest.raises(Err) as raised:
        asyncio.run(world.warmest(["Atlantis"], 50))
    assert raised.value.value == "no thermometer has answered"


def test_follow(world):
    async def check() -> list[Reading]:
        writer, places = wit_world.string_stream()

        async def write() -> None:
            async with writer:
                await writer.write_all(["Oslo", "Atlantis"])
                await writer.write_all(["Cairo"])

        writing = asyncio.create_task(write())
        readings = [reading async for reading in await world.follow(places)]
        await writing
        return readings

    assert sorted(reading.place for reading in asyncio.run(check())) == ["Cairo", "Oslo"]


def test_alarm(world):
    async def check() -> Reading:
        alarm = asyncio.create_task(world.alarm(30))
        await world.warmest(["Oslo", "Cairo"], 50)
        return await alarm

    assert asyncio.run(check()) == Reading("Cairo", 31.5)

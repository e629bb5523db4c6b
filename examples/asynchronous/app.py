"""Asks many thermometers at once."""

import asyncio
from contextlib import suppress
from typing import List, Optional

import wit_world
from componentize_py_async_support import spawn
from componentize_py_async_support.streams import StreamReader
from componentize_py_types import Err
from wit_world import Reading
from wit_world.imports import thermometers

# All calls of an instance run in one loop, and share these.
readings: List[Reading] = []
more = asyncio.Condition()


async def ask(place: str) -> Optional[Reading]:
    """What a thermometer says, if it works."""
    try:
        reading = Reading(place, await thermometers.measure(place))
    except Err:
        return None
    async with more:
        readings.append(reading)
        more.notify_all()
    return reading


class WitWorld(wit_world.WitWorld):
    async def warmest(self, places: List[str], milliseconds: int) -> Reading:
        answers: List[Reading] = []

        async def note(place: str) -> None:
            if reading := await ask(place):
                answers.append(reading)

        with suppress(TimeoutError):
            async with asyncio.timeout(milliseconds / 1000):
                await asyncio.gather(*(note(place) for place in places))
        if not answers:
            raise Err("no thermometer has answered")
        return max(answers, key=lambda reading: reading.celsius)

    async def follow(self, places: StreamReader[str]) -> StreamReader[Reading]:
        writer, reader = wit_world.reading_stream()
        # A stream takes a write at a time.
        turn = asyncio.Lock()

        async def answer(place: str) -> None:
            if found := await ask(place):
                async with turn:
                    await writer.write_all([found])

        async def work() -> None:
            async with writer, places, asyncio.TaskGroup() as group:
                async for place in places:
                    group.create_task(answer(place))

        # It goes on after the return, which gives the stream's other end.
        spawn(work())
        return reader

    async def alarm(self, above: float) -> Reading:
        async with more:
            while True:
                for reading in readings:
                    if reading.celsius > above:
                        return reading
                await more.wait()

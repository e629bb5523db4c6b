"""Does not end at once when it is cancelled."""

import asyncio

from wit_world import exports


class Slow(exports.Slow):
    async def work(self, turns: int) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            for _ in range(turns):
                await asyncio.sleep(0)
            raise

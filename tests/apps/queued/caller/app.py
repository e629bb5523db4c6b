"""Cancels a call that has not started."""

import asyncio

import wit_world
from wit_world.imports import busy


class WitWorld(wit_world.WitWorld):
    async def check(self) -> list[str]:
        ticket = busy.Ticket()
        writer, reader = wit_world.string_stream()
        blocked = asyncio.create_task(busy.block(50_000))
        await asyncio.sleep(0)
        queued = asyncio.create_task(busy.take(ticket, reader))
        for _ in range(3):
            await asyncio.sleep(0)
        found = [f"blocked {not blocked.done()}", *busy.seen()]
        queued.cancel()
        await asyncio.wait([queued])
        found.append(f"cancelled {queued.cancelled()}, blocked {not blocked.done()}")
        await blocked
        # What was passed is back: it can be passed once more.
        found.append(f"ticket {ticket.number()}")
        taken = asyncio.create_task(busy.take(ticket, reader))
        with writer:
            await writer.write_all(["all", "there"])
        return [*found, await taken, *busy.seen()]

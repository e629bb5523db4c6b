"""Is busy while it cancels what takes its time."""

import asyncio

from wit_world import exports
from wit_world.imports import slow

log: list[str] = []


class Ticket:
    made = 0

    def __init__(self) -> None:
        Ticket.made += 1
        self.own = Ticket.made

    def number(self) -> int:
        return self.own


class Busy(exports.Busy):
    async def block(self, turns: int) -> None:
        work = asyncio.create_task(slow.work(turns))
        await asyncio.sleep(0)
        log.append("begins to wait")
        work.cancel()
        await asyncio.wait([work])
        log.append(f"has waited, {work.cancelled()}")

    async def take(self, ticket: Ticket, words) -> str:
        log.append(f"takes {ticket.own}")
        return "".join([word async for word in words])

    def seen(self) -> list[str]:
        return log

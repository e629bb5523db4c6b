"""Waits until its caller cancels it."""

import asyncio

import wit_world
from componentize_py_async_support import spawn

log: list[str] = []
count = 0


class Ticket:
    def __init__(self) -> None:
        global count
        count += 1
        self.own = count

    def number(self) -> int:
        return self.own


class Waiting(wit_world.exports.Waiting):
    async def wait(self, how: str, ticket: Ticket) -> int:
        log.append(f"{how} waits with {ticket.number()}")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            log.append(f"{how} is cancelled")
            if how == "stubborn":
                return 5
            raise
        finally:
            log.append(f"{how} ends")
        return 0

    async def pass_on(self, items):
        writer, reader = wit_world.string_stream()

        async def work() -> None:
            async with writer, items:
                async for item in items:
                    await writer.write([item])
            log.append("all passed on")

        spawn(work())
        return reader

    async def tickets(self, items, how_many: int):
        taken = await items.read(how_many)
        log.append(f"took {[ticket.number() for ticket in taken]}")
        items.close()
        writer, reader = wit_world.waiting_ticket_stream()

        async def give() -> None:
            with writer:
                await writer.write_all(taken)

        spawn(give())
        return reader

    def seen(self) -> list[str]:
        return log

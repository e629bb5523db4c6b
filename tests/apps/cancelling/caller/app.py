"""Cancels what it calls."""

import asyncio

import wit_world
from wit_world.imports import waiting


async def cancelled(how: str) -> str:
    with waiting.Ticket() as ticket:
        task = asyncio.create_task(waiting.wait(how, ticket))
        for _ in range(3):
            await asyncio.sleep(0)
        task.cancel()
        try:
            return f"{how} gave {await task}"
        except asyncio.CancelledError:
            return f"{how} was cancelled, ticket {ticket.number()}"


class Checks:
    async def waits(self):
        return [await cancelled("obedient"), await cancelled("stubborn"), *waiting.seen()]

    async def streams(self):
        writer, reader = wit_world.string_stream()
        back = await waiting.pass_on(reader)

        async def write() -> None:
            with writer:
                await writer.write_all([str(number) for number in range(100)])

        task = asyncio.create_task(write())
        got = [item async for item in back]
        await task
        return [str(got == [str(number) for number in range(100)])]

    async def cancelled_reads(self):
        """No item is lost by reads that are cancelled."""
        writer, reader = wit_world.string_stream()
        back = await waiting.pass_on(reader)

        async def write() -> None:
            with writer:
                for number in range(50):
                    await writer.write_all([str(number)])
                    await asyncio.sleep(0)

        task = asyncio.create_task(write())
        got = []
        while not back.writer_dropped:
            read = asyncio.create_task(back.read(3))
            await asyncio.sleep(0)
            if len(got) % 3 == 0:
                read.cancel()
            try:
                got.extend(await read)
            except asyncio.CancelledError:
                got.extend(await back.read(1))
        await task
        return [str(got == [str(number) for number in range(50)])]

    async def resources(self):
        """What is not taken comes back."""
        tickets = [waiting.Ticket() for _ in range(5)]
        writer, reader = wit_world.waiting_ticket_stream()
        call = asyncio.create_task(waiting.tickets(reader, 2))
        taken = await writer.write(tickets)
        again = await call
        back = [ticket.number() async for ticket in again]
        rest = [ticket.number() for ticket in tickets[taken:]]
        return [str(taken), str(writer.reader_dropped), str(len(back)), str(len(set(back + rest)))]


class WitWorld(wit_world.WitWorld):
    async def check(self, name: str) -> list[str]:
        return await getattr(Checks(), name)()

"""What asyncio and anyio schedule in asynchronous exports."""

import asyncio

import features
import tasks
import wit_world

# Made when nothing runs yet.
queue: asyncio.Queue[int] = asyncio.Queue()
lock = asyncio.Lock()
inside = 0


class WitWorld(wit_world.WitWorld):
    async def check(self, name: str) -> str:
        module, function = name.split(".")
        checks = {"features": features, "tasks": tasks}[module]
        return repr(await getattr(checks, function)())

    async def put(self, number: int) -> None:
        await queue.put(number)

    async def get(self) -> int:
        return await queue.get()

    async def one_by_one(self, rounds: int) -> int:
        global inside
        for _ in range(rounds):
            async with lock:
                inside += 1
                assert inside == 1
                await asyncio.sleep(0)
                inside -= 1
        return rounds

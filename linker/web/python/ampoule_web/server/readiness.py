"""What an event loop of asyncio waits for beside sockets: resources of the host with events."""

import asyncio
from typing import Any, Optional

from ampoule_web.client.sockets import NUMBERS, connections
from ampoule_web.client.waiting import Source


class Awaited:
    """A resource whose event is awaited, as selectors look at connections."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.connection = self
        # It must be the same one that is asked again and again.
        self.pollable = source.subscribe()

    def awaited_to_read(self) -> Optional[list[Source]]:
        """What to wait for; None if the event is there."""
        return None if self.pollable.ready() else [self.source]


async def ready(source: Source) -> None:
    """Wait for an event of the resource."""
    loop = asyncio.get_running_loop()
    awaited: Any = Awaited(source)
    number = next(NUMBERS)
    connections[number] = awaited
    future = loop.create_future()
    loop.add_reader(number, lambda: future.done() or future.set_result(None))
    try:
        await future
    finally:
        loop.remove_reader(number)
        awaited.pollable.__exit__(None, None, None)

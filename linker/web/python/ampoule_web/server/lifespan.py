"""The lifespan of an ASGI application, which is that of an instance."""

import asyncio
from collections.abc import Callable
from typing import Any, Optional

from ampoule_web.server.incoming import report

Event = dict[str, Any]
Application = Callable[..., Any]


class Lifespan:
    """Starts an application before its first request; no host says when an instance ends."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.state: dict[str, Any] = {}
        self.started: Optional[asyncio.Future[Optional[str]]] = None
        self.task: Optional[asyncio.Task[None]] = None
        self.events: asyncio.Queue[Event] = asyncio.Queue()

    async def start(self) -> None:
        """Wait until the application has started.

        Raises: RuntimeError if it says that it has not
        """
        if self.started is None:
            self.started = asyncio.get_running_loop().create_future()
            self.task = asyncio.create_task(self.run(self.started))
        problem = await asyncio.shield(self.started)
        if problem is not None:
            raise RuntimeError(f"the application has not started: {problem}")

    async def stop(self) -> None:
        """Have the application end."""
        self.events.put_nowait({"type": "lifespan.shutdown"})
        if self.task is not None:
            await self.task

    async def run(self, started: "asyncio.Future[Optional[str]]") -> None:
        self.events.put_nowait({"type": "lifespan.startup"})

        async def send(event: Event) -> None:
            if event["type"] == "lifespan.startup.complete":
                finish(None)
            elif event["type"] == "lifespan.startup.failed":
                finish(event.get("message") or "it says no reason")

        def finish(problem: Optional[str]) -> None:
            if not started.done():
                started.set_result(problem)

        scope = {"type": "lifespan", "asgi": VERSIONS, "state": self.state}
        try:
            await self.application(scope, self.events.get, send)
        except Exception:
            # An application that does not know this scope raises something, by the specification.
            if started.done():
                report()
        finish(None)


# Version of ASGI, and that of its messages.
VERSIONS = {"version": "3.0", "spec_version": "2.4"}

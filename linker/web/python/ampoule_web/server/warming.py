"""Requests that an ASGI application answers while the component is built: an instance begins with what they have made."""

import asyncio
from collections.abc import Iterable
from typing import Optional

from ampoule_web.server.exchange import Exchange, Headers, scope
from ampoule_web.server.incoming import Head, expect_success
from ampoule_web.server.lifespan import Application, Lifespan


class Nothing:
    """The body of a request that has none, and that of a response which nobody reads."""

    async def next(self) -> Optional[bytes]:
        return None

    async def send(self, data: bytes) -> None:
        pass

    def finish(self) -> None:
        pass


def warm_up(application: Application, targets: Iterable[str]) -> None:
    """Start the application, have it answer, and end it, as a server does."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(visit(application, targets))
    finally:
        loop.close()


async def visit(application: Application, targets: Iterable[str]) -> None:
    lifespan = Lifespan(application)
    await lifespan.start()
    for target in targets:
        head = Head.of_get(target)
        statuses: list[int] = []

        async def respond(status: int, headers: Headers) -> Nothing:
            statuses.append(status)
            return Nothing()

        await Exchange(Nothing(), respond).run(application, scope(head, lifespan.state))
        expect_success(head, statuses[0])
    await lifespan.stop()

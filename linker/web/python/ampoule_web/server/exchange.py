"""A request that an ASGI application answers, whatever the version of `wasi:http`."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Optional, Protocol
from urllib.parse import unquote_to_bytes

from ampoule_web.server.lifespan import VERSIONS, Application, Event
from ampoule_web.server.incoming import Head, expect_bytes

Headers = list[tuple[str, bytes]]


class Body(Protocol):
    """The body of a request."""

    async def next(self) -> Optional[bytes]:
        """The next bytes; None at the end; ConnectionResetError if it breaks off."""


class Sink(Protocol):
    """The body of a response."""

    async def send(self, data: bytes) -> None:
        """Write bytes, as fast as the client reads them; OSError if nobody does."""

    def finish(self) -> None:
        """The body is whole."""


class Exchange:
    """A request and its response."""

    def __init__(self, body: Body, respond: Callable[[int, Headers], Awaitable[Sink]]) -> None:
        self.body = body
        self.respond = respond
        self.head: Optional[tuple[int, Headers]] = None
        self.sink: Optional[Sink] = None
        self.is_read = False
        # Whether the request broke off: its client is gone, or has sent what is no body.
        self.is_broken = False
        self.over = asyncio.Event()

    async def run(self, application: Application, scope: dict[str, Any]) -> None:
        """Let the application answer; to a request that broke off it need not."""
        try:
            await application(scope, self.receive, self.send)
            if not self.over.is_set() and not self.is_broken:
                raise RuntimeError("the application has returned before the end of its response")
        except ConnectionResetError:
            # Unless the application has made it itself, the client is gone.
            if not self.over.is_set():
                raise

    async def receive(self) -> Event:
        """The next event for the application."""
        if not (self.is_read or self.is_broken or self.over.is_set()):
            try:
                data = await self.body.next()
                self.is_read = data is None
                return {"type": "http.request", "body": data or b"", "more_body": data is not None}
            except ConnectionResetError:
                self.is_broken = True
        if not self.is_broken:
            await self.over.wait()
        return {"type": "http.disconnect"}

    async def send(self, event: Event) -> None:
        """An event of the application."""
        match event["type"]:
            case "http.response.start":
                if self.head is not None:
                    raise RuntimeError("the response has started already")
                self.head = (event["status"], pairs(event.get("headers", ())))
            case "http.response.body":
                await self.send_body(event.get("body", b""), event.get("more_body", False))
            case other:
                raise ValueError(f"{other!r} is no event of an answer to a request of HTTP")

    async def send_body(self, data: bytes, has_more: bool) -> None:
        if self.head is None:
            raise RuntimeError("the body comes before the start of the response")
        if self.over.is_set():
            raise RuntimeError("the response is over")
        expect_bytes(data)
        try:
            if self.sink is None:
                self.sink = await self.respond(*self.head)
            if data:
                await self.sink.send(data)
            if not has_more:
                self.sink.finish()
        except ConnectionResetError:
            self.over.set()
            raise
        if not has_more:
            self.over.set()

    @property
    def is_started(self) -> bool:
        return self.sink is not None


def pairs(headers: Iterable[Any]) -> Headers:
    """The headers of an event, whose names are bytes, for `wasi:http`, whose names are texts."""
    return [(bytes(name).decode("latin-1"), bytes(value)) for name, value in headers]


def scope(head: Head, state: dict[str, Any]) -> dict[str, Any]:
    """What an application is told of a request."""
    headers = [(name.encode("latin-1"), value) for name, value in head.headers]
    if head.first("host") is None:
        headers.insert(0, (b"host", head.authority.encode("latin-1")))
    return {
        "type": "http",
        "asgi": VERSIONS,
        "http_version": "1.1",
        "method": head.method,
        "scheme": head.scheme,
        "path": unquote_to_bytes(head.path.encode("latin-1")).decode(errors="replace"),
        "raw_path": head.path.encode("latin-1"),
        "query_string": head.query.encode("latin-1"),
        "root_path": "",
        "headers": headers,
        "server": head.server,
        "client": None,
        "state": state.copy(),
    }

"""Bodies of `wasi:http` 0.2 for an event loop."""

from typing import Any, Optional

from ampoule_web.server.incoming import SETTLING
from ampoule_web.server.readiness import ready
from ampoule_web.bindings.imports import wasi_http_types_0_2_12 as http
from ampoule_web.bindings.imports import wasi_io_streams_0_2_12 as streams
from componentize_py_types import Err

# As many bytes are read at once.
PIECE = 64 * 1024


class RequestBody:
    """The body of a request, as it comes."""

    def __init__(self, request: http.IncomingRequest) -> None:
        self.body = request.consume()
        self.stream = self.body.stream()

    def __enter__(self) -> "RequestBody":
        return self

    def __exit__(self, *_: Any) -> None:
        # The stream is the body's child: it goes first.
        self.stream.__exit__(None, None, None)
        self.body.__exit__(None, None, None)

    async def next(self) -> Optional[bytes]:
        """The next bytes; None at the end."""
        try:
            while not (data := self.stream.read(PIECE)):
                await ready(self.stream)
        except Err as error:
            if isinstance(error.value, streams.StreamError_Closed):
                return None
            raise ConnectionResetError("the body of the request broke off") from None
        return data


class ResponseBody:
    """The body of a response; of one that has none, what is sent goes nowhere."""

    def __init__(self, body: http.OutgoingBody, is_empty: bool) -> None:
        self.body: Optional[http.OutgoingBody] = body
        self.stream = body.write()
        self.is_empty = is_empty

    async def send(self, data: bytes) -> None:
        """Write bytes, as fast as the client reads them."""
        rest = memoryview(data)
        try:
            while rest and not self.is_empty:
                room = await self.room()
                self.stream.write(rest[:room])
                rest = rest[room:]
            if not self.is_empty:
                self.stream.flush()
                await self.room()
        except Err:
            raise ConnectionResetError("nobody reads the response any more") from None

    async def settle(self) -> None:
        """Have the host take what was written: with a body that breaks off it drops what it has not looked at yet.

        It takes one write after the other, so that it is at the last one when an empty one behind it has to wait.
        """
        try:
            for _ in range(SETTLING if self.body is not None and not self.is_empty else 0):
                if await self.room():
                    self.stream.write(b"")
        except Err:
            # The client is gone.
            pass

    async def room(self) -> int:
        """How many bytes can be written, once it is some."""
        while (room := self.stream.check_write()) == 0:
            await ready(self.stream)
        return room

    def finish(self) -> None:
        """The body is whole."""
        self.stream.__exit__(None, None, None)
        body, self.body = self.body, None
        try:
            http.OutgoingBody.finish(body, None)
        except Err as error:
            # The head of a response without a body tells the length of another one.
            if self.is_empty:
                return
            raise ValueError(f"the body is not as long as its head says: {error.value}") from None

    def drop(self) -> None:
        """Let go of a body that may not be whole: then the client sees that it breaks off."""
        if self.body is not None:
            self.stream.__exit__(None, None, None)
            self.body.__exit__(None, None, None)

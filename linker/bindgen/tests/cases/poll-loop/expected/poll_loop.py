"""
An asyncio event loop on `wasi:io/poll`, and what an app of `wasi:http` 0.2 needs of it.
"""

import asyncio
from asyncio.base_events import BaseEventLoop
from typing import List, Optional, Tuple, cast

from componentize_py_types import Err
from wit_world.imports import monotonic_clock
from wit_world.imports import outgoing_handler
from wit_world.imports import poll
from wit_world.imports import streams
from wit_world.imports import wasi_http_types as types

# As many bytes as are read at once.
READ_SIZE = 64 * 1024


class _Waiting:
    """
    What the loop waits for: the part of a selector, as `BaseEventLoop` calls it.
    """

    def __init__(self) -> None:
        self.waiting: List[Tuple[poll.Pollable, "asyncio.Future[None]"]] = []

    def select(self, timeout: Optional[float]) -> List["asyncio.Future[None]"]:
        """
        The futures whose pollables are ready, after so many seconds at the latest.
        """
        waiting = self.waiting
        if timeout is not None and timeout <= 0:
            ready = {index for index, (one, _) in enumerate(waiting) if one.ready()}
        elif timeout is not None:
            nanoseconds = int(timeout * 1_000_000_000)
            with monotonic_clock.subscribe_duration(nanoseconds) as timer:
                ready = set(poll.poll([one for one, _ in waiting] + [timer]))
        elif waiting:
            ready = set(poll.poll([one for one, _ in waiting]))
        else:
            raise RuntimeError("all tasks wait for what no event can bring")
        return self.take(ready)

    def take(self, ready: set[int]) -> List["asyncio.Future[None]"]:
        waiting, self.waiting, futures = self.waiting, [], []
        for index, (pollable, future) in enumerate(waiting):
            if index not in ready:
                self.waiting.append((pollable, future))
                continue
            pollable.__exit__(None, None, None)
            futures.append(future)
        return futures

    def forget(self, future: "asyncio.Future[None]") -> None:
        """
        Drop the pollable of a future that nothing waits for any more.
        """
        for index, (_, other) in enumerate(self.waiting):
            if other is future:
                self.take({index})
                return

    def close(self) -> None:
        self.take(set(range(len(self.waiting))))


class PollLoop(BaseEventLoop):
    """
    An event loop whose tasks wait for pollables and for time.
    """

    def __init__(self) -> None:
        super().__init__()
        self._selector = _Waiting()

    async def wait_for(self, pollable: poll.Pollable) -> None:
        """
        Wait until the pollable is ready, then drop it.
        """
        future = self.create_future()
        self._selector.waiting.append((pollable, future))
        try:
            await future
        finally:
            self._selector.forget(future)

    def close(self) -> None:
        super().close()
        self._selector.close()

    def _process_events(self, futures: List["asyncio.Future[None]"]) -> None:
        for future in futures:
            if not future.done():
                future.set_result(None)

    def _write_to_self(self) -> None:
        """
        Nothing runs beside the loop that could have to wake it.
        """


async def register(loop: PollLoop, pollable: poll.Pollable) -> None:
    """
    Wait until the pollable is ready, then drop it.
    """
    await loop.wait_for(pollable)


async def _ready(pollable: poll.Pollable) -> None:
    await register(cast(PollLoop, asyncio.get_running_loop()), pollable)


async def send(request: types.OutgoingRequest) -> types.IncomingResponse:
    """
    Send a request and wait for the response.

    Raises: `componentize_py_types.Err` with the error code of `wasi:http`
    """
    with outgoing_handler.handle(request, None) as future:
        while (outcome := future.get()) is None:
            await _ready(future.subscribe())
    if isinstance(outcome, Err):
        raise outcome
    if isinstance(outcome.value, Err):
        raise outcome.value
    return outcome.value.value


class Stream:
    """
    Reads an incoming body.
    """

    def __init__(self, body: types.IncomingBody) -> None:
        # The stream is the body's child: without references it goes first, too.
        self.stream: Optional[streams.InputStream] = body.stream()
        self.body: Optional[types.IncomingBody] = body

    async def next(self) -> Optional[bytes]:
        """
        The next chunk; None at the end.
        """
        while self.stream is not None:
            try:
                chunk = self.stream.read(READ_SIZE)
            except Err as error:
                if not isinstance(error.value, streams.StreamError_Closed):
                    raise
                self._finish()
                break
            if chunk:
                return chunk
            await _ready(self.stream.subscribe())
        return None

    def _finish(self) -> None:
        if self.stream is not None:
            self.stream.__exit__(None, None, None)
            self.stream = None
        if self.body is not None:
            types.IncomingBody.finish(self.body)
            self.body = None


class Sink:
    """
    Writes an outgoing body.
    """

    def __init__(self, body: types.OutgoingBody) -> None:
        self.stream: Optional[streams.OutputStream] = body.write()
        self.body: Optional[types.OutgoingBody] = body

    async def send(self, chunk: bytes) -> None:
        """
        Write a chunk, as fast as the reader takes it.
        """
        if self.stream is None:
            raise ValueError("the body is closed")
        rest = memoryview(chunk)
        while rest:
            count = min(await self._room(self.stream), len(rest))
            self.stream.write(bytes(rest[:count]))
            rest = rest[count:]
        self.stream.flush()
        await self._room(self.stream)

    async def _room(self, stream: streams.OutputStream) -> int:
        """
        How many bytes may be written, once it is some.
        """
        while (count := stream.check_write()) == 0:
            await _ready(stream.subscribe())
        return count

    def close(self) -> None:
        """
        End the body.
        """
        if self.stream is not None:
            self.stream.__exit__(None, None, None)
            self.stream = None
        if self.body is not None:
            types.OutgoingBody.finish(self.body, None)
            self.body = None

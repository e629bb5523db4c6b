"""An HTTP server whose paths are what it does."""

import asyncio
import hashlib

from poll_loop import PollLoop, Sink, Stream
from componentize_py_types import Ok
from wit_world import exports
from wit_world.imports.types import Fields, IncomingRequest, OutgoingResponse, ResponseOutparam

CHUNK = bytes(range(256)) * 256


class IncomingHandler(exports.IncomingHandler):
    def handle(self, request: IncomingRequest, response_out: ResponseOutparam) -> None:
        loop = PollLoop()
        asyncio.set_event_loop(loop)
        loop.run_until_complete(handle(request, response_out))


async def handle(request: IncomingRequest, response_out: ResponseOutparam) -> None:
    path, _, query = (request.path_with_query() or "").partition("?")
    match path:
        case "/echo":
            sink = answer(response_out)
            await pump(Stream(request.consume()), sink)
        case "/digest":
            digest, length = hashlib.sha256(), 0
            stream = Stream(request.consume())
            while (chunk := await stream.next()) is not None:
                digest.update(chunk)
                length += len(chunk)
            sink = answer(response_out)
            await sink.send(f"{length} {digest.hexdigest()}".encode())
        case "/produce":
            sink = answer(response_out)
            for _ in range(int(query)):
                await sink.send(CHUNK)
        case "/sleep":
            await asyncio.sleep(float(query))
            sink = answer(response_out)
            await sink.send(b"awake")
        case "/raise":
            raise LookupError("nothing is where it should be")
        case "/break":
            sink = answer(response_out)
            await sink.send(b"half")
            raise LookupError("broken in the middle")
        case "/silent":
            return
        case _:
            sink = answer(response_out, 404)
    sink.close()


async def pump(stream: Stream, sink: Sink) -> None:
    while (chunk := await stream.next()) is not None:
        await sink.send(chunk)


def answer(response_out: ResponseOutparam, status: int = 200) -> Sink:
    response = OutgoingResponse(Fields.from_list([("content-type", b"application/octet-stream")]))
    response.set_status_code(status)
    body = response.body()
    ResponseOutparam.set(response_out, Ok(response))
    return Sink(body)

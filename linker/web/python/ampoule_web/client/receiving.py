"""Responses of wasi:http, written as HTTP/1.1."""

from http import HTTPStatus
from typing import Iterator, Union

from ampoule_web.client.failure import ENDS, failure
from ampoule_web.client.request import Request
from ampoule_web.client.waiting import Source
from ampoule_web.fields import WITHOUT_BODY
from ampoule_web.bindings.imports import wasi_http_types_0_2_12 as types
from ampoule_web.bindings.imports import wasi_io_streams_0_2_12 as streams
from componentize_py_types import Err

# As many bytes are read at once.
PIECE = 64 * 1024

# The statuses that have a phrase.
STATUSES = frozenset(HTTPStatus)

# The end of the connection, among the bytes of a response.
END = b""

# Steps of a response: each gives bytes, or what has to happen before the next.
Steps = Iterator[Union[Source, bytes]]


def receive(future: types.FutureIncomingResponse, request: Request) -> Steps:
    """The response to a request."""
    with future:
        if request.value("expect") == "100-continue":
            yield b"HTTP/1.1 100 Continue\r\n\r\n"
        while (outcome := future.get()) is None:
            yield future
    result = outcome.value
    if isinstance(result, Err):
        if not isinstance(result.value, ENDS):
            raise failure(result.value)
        yield END
        return
    is_last = request.value("connection") == "close"
    with result.value as response:
        yield from _write(response, request.method == "HEAD", is_last)
    if is_last:
        yield END


def _write(response: types.IncomingResponse, is_bare: bool, is_last: bool) -> Steps:
    status = response.status()
    with response.headers() as headers:
        fields = headers.entries()
    lengths = [int(value) for name, value in fields if name.lower() == "content-length"]
    has_body = not is_bare and status not in WITHOUT_BODY
    if has_body and not lengths:
        fields.append(("transfer-encoding", b"chunked"))
    if is_last:
        fields.append(("connection", b"close"))
    yield _head(status, fields)
    if has_body:
        with response.consume() as body, body.stream() as stream:
            yield from _counted(stream, lengths[0]) if lengths else _chunks(stream)


def _head(status: int, fields: list[tuple[str, bytes]]) -> bytes:
    phrase = HTTPStatus(status).phrase if status in STATUSES else ""
    lines = [f"HTTP/1.1 {status} {phrase}".encode()]
    lines += [name.encode() + b": " + value for name, value in fields]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _pieces(stream: streams.InputStream) -> Steps:
    """What comes until the body is over; the end of the connection, if that comes before."""
    while True:
        try:
            piece = stream.read(PIECE)
        except Err as error:
            if not isinstance(error.value, streams.StreamError_Closed):
                error.value.value.__exit__(None, None, None)
                yield END
            return
        yield piece or stream


def _counted(stream: streams.InputStream, count: int) -> Steps:
    """So many bytes: with the last one the response is over, whether or not the host knows it yet."""
    pieces = _pieces(stream)
    while count and (piece := next(pieces, END)) != END:
        yield piece
        count -= len(piece) if isinstance(piece, bytes) else 0
    if count:
        yield END


def _chunks(stream: streams.InputStream) -> Steps:
    for piece in _pieces(stream):
        if piece == END:
            yield END
            return
        yield (
            b"%x\r\n%b\r\n" % (len(piece), piece) if isinstance(piece, bytes) else piece
        )
    yield b"0\r\n\r\n"

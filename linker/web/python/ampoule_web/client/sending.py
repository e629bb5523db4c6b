"""Requests of wasi:http, and their bodies on the way out."""

import errno
from typing import Optional

from ampoule_web.client.request import Request, refusal
from ampoule_web.client.written import Steps, Written
from ampoule_web.bindings.imports import wasi_http_types_0_2_12 as types
from ampoule_web.bindings.imports import wasi_io_streams_0_2_12 as streams
from componentize_py_runtime import ImportCalledAtBuild
from componentize_py_types import Err

# More than what is written at once.
LARGEST = 1 << 30

METHODS = {
    "GET": types.Method_Get(),
    "HEAD": types.Method_Head(),
    "POST": types.Method_Post(),
    "PUT": types.Method_Put(),
    "DELETE": types.Method_Delete(),
    "OPTIONS": types.Method_Options(),
    "TRACE": types.Method_Trace(),
    "PATCH": types.Method_Patch(),
}


def outgoing(
    request: Request, is_secure: bool, authority: str
) -> types.OutgoingRequest:
    """A request as wasi:http has it."""
    scheme = types.Scheme_Https() if is_secure else types.Scheme_Http()
    method = METHODS.get(request.method) or types.Method_Other(request.method)
    try:
        message = types.OutgoingRequest(
            types.Fields.from_list(request.fields_to_send())
        )
        message.set_method(method)
        message.set_scheme(scheme)
        message.set_authority(authority)
        message.set_path_with_query(request.target)
    except ImportCalledAtBuild:
        reason = "There is no network while the component is being built"
        raise PermissionError(errno.EACCES, reason) from None
    except Err as error:
        raise refusal(f"The host does not take {request!r} ({error.value})") from None
    return message


def send_body(
    body: types.OutgoingBody, length: Optional[int], written: Written
) -> Steps:
    """Send the body of a request; without a length it is written in chunks."""
    with body:
        with body.write() as stream:
            sink = _Sink(stream)
            if length is None:
                yield from _send_chunks(sink, written)
            else:
                yield from sink.send(written, length)
        if sink.is_open:
            types.OutgoingBody.finish(body, None)


class _Sink:
    """Where a body goes. A server may answer without reading it all: the rest is dropped, and the answer is read."""

    def __init__(self, stream: streams.OutputStream) -> None:
        self.is_open = True
        self._stream = stream

    def send(self, written: Written, count: int) -> Steps:
        """Send so many bytes of what is written."""
        while count:
            while not (room := min(self._room(), count)):
                yield self._stream
            yield from written.any()
            piece = written.take(room)
            self._write(piece)
            count -= len(piece)

    def _room(self) -> int:
        try:
            return self._stream.check_write() if self.is_open else LARGEST
        except Err:
            self.is_open = False
            return LARGEST

    def _write(self, piece: bytes) -> None:
        try:
            if self.is_open:
                self._stream.write(piece)
        except Err:
            self.is_open = False


def _send_chunks(sink: _Sink, written: Written) -> Steps:
    while size := _size((yield from written.until(b"\r\n"))):
        yield from sink.send(written, size)
        yield from written.until(b"\r\n")
    while (yield from written.until(b"\r\n")):
        pass


def _size(line: bytes) -> int:
    try:
        return int(line.partition(b";")[0], 16)
    except ValueError:
        raise refusal(f"{line[:40]!r} is no size of a chunk") from None

"""A connection to a server of HTTP: requests written to it go out by wasi:http, and their responses are read."""

from typing import Optional

from ampoule_web.client import receiving
from ampoule_web.client.failure import failure
from ampoule_web.client.request import Request, refusal
from ampoule_web.client.sending import outgoing, send_body
from ampoule_web.client.waiting import Source
from ampoule_web.client.written import Steps, Written
from ampoule_web.bindings.imports import wasi_http_outgoing_handler_0_2_12 as handler
from componentize_py_types import Err

# As many bytes are taken at once.
PIECE = 256 * 1024

# What a stand-in for TLS writes before the first request, with the name that the server's certificate is to have.
TLS = b"\x16TLS of the host: "


class Connection:
    """Nothing of it waits: whoever calls it is given what to wait for."""

    def __init__(self, host: str, port: int) -> None:
        self._is_secure = False
        self.is_unused = True
        # Whether a request is sent whole, and no byte of its response is read.
        self.is_asking = False
        self.host, self._port = host, port
        self._written = Written()
        self._sending = self._send_requests()
        self._receiving: receiving.Steps = iter(())
        self._received = memoryview(b"")
        self._has_ended = False
        self._failure: Optional[OSError] = None

    def secure(self, name: str) -> None:
        """Have the host encrypt it, which expects a certificate with the name that it connects to."""
        if name and name != self.host:
            raise refusal(
                f"A certificate for {name!r} cannot be asked of {self.host!r}"
            )
        self._is_secure = True

    def awaited_to_write(self) -> Optional[list[Source]]:
        """What to wait for until something can be written; None if it can be, or fails."""
        try:
            source = next(self._sending, None)
        except OSError as error:
            self._failure = error
            return None
        return None if source is None else [source]

    def write(self, data: memoryview) -> int:
        """Take of these bytes as many as can go on their way, one at least, if nothing is awaited; gives how many."""
        self.is_unused = False
        piece = data[:PIECE]
        self._written += piece
        is_stuck = self.awaited_to_write() is not None
        self.check()
        rest = len(self._written) if is_stuck else 0
        del self._written[len(self._written) - rest :]
        return len(piece) - rest

    def awaited_to_read(self) -> Optional[list[Source]]:
        """What to wait for until something can be read, nothing if nothing will come; None if it can be, or fails."""
        while not (self._received or self._failure or self._has_ended):
            try:
                step = next(self._receiving, None)
            except OSError as error:
                self._failure = error
                break
            if step is None:
                return []
            if not isinstance(step, bytes):
                return [step]
            self._received = memoryview(step)
            self._has_ended = step == receiving.END
        return None

    def read(self, size: int) -> memoryview:
        """Give as many bytes at the most, if nothing is awaited; none at the end of the connection."""
        if not self._received:
            self.check()
        self.is_asking = False
        piece, self._received = self._received[:size], self._received[size:]
        return piece

    def check(self) -> None:
        """Raise what has failed, if anything has."""
        if self._failure is not None:
            raise self._failure

    def end(self) -> None:
        """Drop what is on its way."""
        self._sending.close()
        self._receiving = iter(())
        self._has_ended = True

    def _send_requests(self) -> Steps:
        yield from self._written.any()
        if self._written.startswith(TLS):
            line = yield from self._written.until(b"\r\n")
            self.secure(line.removeprefix(TLS).decode())
        while True:
            head = yield from self._written.head()
            yield from self._send(Request.parse(head))
            self.is_asking = True

    def _send(self, request: Request) -> Steps:
        if self._received or next(self._receiving, None) is not None:
            raise refusal("A request was written before the last response was read")
        length = request.length
        message = outgoing(request, self._is_secure, self._authority(request))
        body = message.body() if length != 0 else None
        try:
            future = handler.handle(message, None)
        except Err as error:
            raise failure(error.value) from None
        self._receiving = receiving.receive(future, request)
        if body is not None:
            yield from send_body(body, length, self._written)

    def _authority(self, request: Request) -> str:
        """The server's name and port, which the host puts into the field `Host`."""
        host = f"[{self.host}]" if ":" in self.host else self.host.rstrip(".")
        usual = 443 if self._is_secure else 80
        authority = host if self._port == usual else f"{host}:{self._port}"
        named = request.value("host").removesuffix(f":{usual}").rstrip(".")
        if named != authority.lower():
            raise refusal(f"A request for {named!r} cannot be sent to {authority!r}")
        return authority

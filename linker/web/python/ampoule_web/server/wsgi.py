"""WSGI (PEP 3333) over `wasi:http` 0.2: an application answers what the host gives to `incoming-handler`."""

import io
import sys
from collections.abc import Callable, Iterable
from typing import Any, Optional
from urllib.parse import unquote_to_bytes

from componentize_py_types import Err

from ampoule_web.server.incoming import (
    SETTLING,
    BadRequest,
    Head,
    answer,
    expect_application,
    expect_bytes,
    expect_success,
    refuse,
    report,
    response,
)
from ampoule_web.bindings.imports import wasi_http_types_0_2_12 as http
from ampoule_web.bindings.imports import wasi_io_streams_0_2_12 as streams

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

BUFFER_SIZE = 64 * 1024

# Headers whose names in the environment have no HTTP_.
WITHOUT_PREFIX = frozenset(["content-length", "content-type"])


def handle(application: Application, request: http.IncomingRequest, out: http.ResponseOutparam) -> None:
    """Answer a request."""
    try:
        head = Head.of(request)
    except BadRequest as error:
        return refuse(out, 400, f"Bad Request: {error}")
    with RequestBody(request) as body:
        Exchange(head, out).run(application, environment(head, body))


def warm_up(application: Application, targets: list[str]) -> None:
    """Have the application answer GET requests now, while the component is built: an instance begins with what they have made."""
    for target in targets:
        head = Head.of_get(target)
        statuses: list[int] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
            statuses.append(int(status.split(" ", 1)[0]))
            return lambda data: None

        chunks = application(environment(head, io.BytesIO()), start_response)
        try:
            for _ in chunks:
                pass
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        expect_success(head, statuses[-1])


def environment(head: Head, body: Any) -> dict[str, Any]:
    """What an application is told of a request."""
    name, port = head.server
    environ: dict[str, Any] = {
        "REQUEST_METHOD": head.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(head.path.encode("latin-1")).decode("latin-1"),
        "QUERY_STRING": head.query,
        "SERVER_NAME": name,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REQUEST_URI": f"{head.path}?{head.query}" if head.query else head.path,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": head.scheme,
        "wsgi.input": io.BufferedReader(body, BUFFER_SIZE),
        # The body ends where it ends, whether it has told its length or not.
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for header, value in head.headers:
        # With an underscore, a header could stand in for another one.
        if "_" in header:
            continue
        key = header.upper().replace("-", "_")
        if header not in WITHOUT_PREFIX:
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        separator = "; " if header == "cookie" else ","
        is_list = key in environ and header != "content-length"
        environ[key] = f"{environ[key]}{separator}{text}" if is_list else text
    environ.setdefault("HTTP_HOST", head.authority)
    return environ


class RequestBody(io.RawIOBase):
    """The body of a request, as it comes."""

    def __init__(self, request: http.IncomingRequest) -> None:
        self.body = request.consume()
        self.stream = self.body.stream()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        try:
            data = self.stream.blocking_read(len(view))
        except Err as error:
            if isinstance(error.value, streams.StreamError_Closed):
                return 0
            reason = error.value.value.to_debug_string()
            raise ConnectionResetError(f"the body of the request broke off: {reason}") from None
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            # The stream is the body's child: it goes first.
            self.stream.__exit__(None, None, None)
            self.body.__exit__(None, None, None)
        super().close()


class ClientGone(Exception):
    """Nobody reads the response any more."""


class Exchange:
    """A request that is being answered."""

    def __init__(self, head: Head, out: http.ResponseOutparam) -> None:
        self.head = head
        self.out = out
        self.made: Optional[tuple[int, list[tuple[str, bytes]]]] = None
        self.body: Optional[ResponseBody] = None
        self.is_sent = False

    def run(self, application: Application, environ: dict[str, Any]) -> None:
        """Let the application answer; what it raises is printed, and answered with 500 if that is still possible."""
        try:
            self.send(application(environ, self.start_response))
        except ClientGone:
            pass
        except BaseException:
            if self.body is not None:
                self.body.settle()
            report()
            if not self.is_sent:
                refuse(self.out, 500, "Internal Server Error")
        finally:
            if self.body is not None:
                self.body.drop()

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        """PEP 3333: the head of the response, which is sent with the first bytes of the body."""
        if exc_info:
            try:
                if self.is_sent:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None
        elif self.made is not None:
            raise RuntimeError("start_response was called a second time, without exc_info")
        if not isinstance(status, str):
            raise TypeError(f"the status of a response is a text such as '200 OK', not {status!r}")
        pairs = [(name, value.encode("latin-1")) for name, value in headers]
        self.made = (int(status.split(" ", 1)[0]), pairs)
        return self.write

    def send(self, chunks: Iterable[bytes]) -> None:
        try:
            for chunk in chunks:
                if chunk or self.is_sent:
                    self.write(chunk)
            self.write(b"")
            # The client has it all before the application does what it has left for the end.
            if self.body is not None:
                self.body.finish()
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()

    def write(self, data: bytes) -> None:
        """Send some of the body, after the head."""
        expect_bytes(data)
        if not self.is_sent:
            if self.made is None:
                raise RuntimeError("the application has not called start_response")
            self.send_head(*self.made)
        if self.body is not None:
            self.body.write(data)

    def send_head(self, status: int, headers: list[tuple[str, bytes]]) -> None:
        made = response(status, headers)
        body = ResponseBody(made)
        self.is_sent = True
        answer(self.out, made)
        if self.head.has_body(status):
            self.body = body
        else:
            body.leave_empty()


class ResponseBody:
    """The body of a response, written as fast as the client reads it."""

    def __init__(self, made: http.OutgoingResponse) -> None:
        self.body: Optional[http.OutgoingBody] = made.body()
        self.stream = self.body.write()

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                room = self.room()
                self.stream.write(rest[:room])
                rest = rest[room:]
            if data:
                self.stream.flush()
        except Err as error:
            raise ClientGone from error

    def settle(self) -> None:
        """Have the host take what was written: with a body that breaks off it drops what it has not looked at yet.

        It takes one write after the other, so that it is at the last one when an empty one behind it has to wait.
        """
        try:
            for _ in range(SETTLING if self.body is not None else 0):
                if self.room():
                    self.stream.write(b"")
        except Err:
            # The client is gone.
            pass

    def room(self) -> int:
        """How many bytes can be written, once it is some."""
        while (room := self.stream.check_write()) == 0:
            with self.stream.subscribe() as pollable:
                pollable.block()
        return room

    def finish(self) -> None:
        """The body is whole."""
        body, self.body = self.body, None
        self.stream.__exit__(None, None, None)
        try:
            http.OutgoingBody.finish(body, None)
        except Err as error:
            raise RuntimeError(f"the body is not as long as its head says: {error.value}") from None

    def leave_empty(self) -> None:
        """There is no body, whatever length the head tells."""
        try:
            self.finish()
        except RuntimeError:
            pass

    def drop(self) -> None:
        """Let go of a body that may not be whole: then the client sees that it breaks off."""
        if self.body is not None:
            self.stream.__exit__(None, None, None)
            self.body.__exit__(None, None, None)
            self.body = None


def handler(application: Application) -> type:
    """The class by which the host has an application answer."""
    expect_application(application, "wsgi")

    class Handler:
        """The export `wasi:http/incoming-handler@0.2`."""

        def handle(self, request: http.IncomingRequest, response_out: http.ResponseOutparam) -> None:
            handle(application, request, response_out)

    return Handler

"""Incoming requests of `wasi:http` 0.2, and the heads of responses: what WSGI and ASGI have in common."""

import sys
import traceback
from collections.abc import Iterable
from typing import Any, Optional

from componentize_py_types import Err, Ok

from ampoule_web.bindings.imports import wasi_http_types_0_2_12 as http
from ampoule_web.fields import OF_CONNECTION, WITHOUT_BODY, WITHOUT_LENGTH

# As many writes are in a host's hands at the most.
SETTLING = 4

# What an application is called with, by the key of the settings that names it.
ARGUMENTS = {"wsgi": ("environ", "start_response"), "asgi": ("scope", "receive", "send")}

# What the code of a function that takes any number of arguments has among its flags.
VARIABLE = 0x04

# What is wrong with a request whose client goes before its end.
BROKEN = "its body broke off"


class BadRequest(Exception):
    """A request that says two things, or nothing that can be meant."""


class Head:
    """The head of a request, in the words of any version of `wasi:http`."""

    def __init__(
        self,
        method: Any,
        scheme: Any,
        target: Optional[str],
        authority: Optional[str],
        headers: list[tuple[str, bytes]],
    ) -> None:
        self.method = name_of(method)
        self.scheme = "https" if name_of(scheme) == "HTTPS" else "http"
        # Each byte is a character, as WSGI and ASGI have them.
        target = (target or "/").encode().decode("latin-1")
        self.path, _, self.query = target.partition("?")
        self.headers = [(name.lower(), value) for name, value in headers]
        self.authority = authority or self.first("host") or "localhost"
        self.check()

    @classmethod
    def of(cls, request: http.IncomingRequest) -> "Head":
        """The head of a request of 0.2."""
        with request.headers() as headers:
            entries = headers.entries()
        return cls(request.method(), request.scheme(), request.path_with_query(), request.authority(), entries)

    @classmethod
    def of_get(cls, target: str) -> "Head":
        """The head of a request that the build makes."""
        return cls(http.Method_Get(), None, target, None, [])

    def first(self, name: str) -> Optional[str]:
        """The value of a header, if there is one."""
        for other, value in self.headers:
            if other == name:
                return value.decode("latin-1")
        return None

    def check(self) -> None:
        lengths = {value for name, value in self.headers if name == "content-length"}
        if len(lengths) > 1:
            raise BadRequest("it has several lengths")
        if not all(length.isdigit() for length in lengths):
            raise BadRequest("its length is no number")

    def has_body(self, status: int) -> bool:
        """Whether a response of this status has a body."""
        return self.method != "HEAD" and status not in WITHOUT_BODY

    @property
    def server(self) -> tuple[str, int]:
        """Name and port of the host, as the client has them."""
        name, colon, port = self.authority.rpartition(":")
        if colon and port.isdigit():
            return name, int(port)
        return self.authority, 443 if self.scheme == "https" else 80


def name_of(case: Any) -> str:
    """The name of a method or a scheme, in capitals."""
    value = getattr(case, "value", None)
    return value if value is not None else type(case).__name__.partition("_")[2].upper()


def expect_application(application: Any, key: str) -> None:
    """Check what a key of the settings names, as far as can be seen before a request.

    Raises: TypeError if it cannot be called as it would be
    """
    if not callable(application):
        raise TypeError(f"what `{key}` names is no application: it is of the type {type(application).__name__}")
    function, bound = application, hasattr(application, "__self__")
    if not hasattr(application, "__code__"):
        # As it is in the class, so that a static method is seen as one.
        function = next((vars(kind)["__call__"] for kind in type(application).__mro__ if "__call__" in vars(kind)), None)
        bound = True
    code = getattr(function, "__code__", None)
    if code is None or code.co_flags & VARIABLE:
        return
    arguments = ARGUMENTS[key]
    most = code.co_argcount - bound
    least = most - len(function.__defaults__ or ())
    if not least <= len(arguments) <= most:
        raise TypeError(
            f"an application of `{key}` is called with {', '.join(arguments)}, which what it names does not take: if it is one of "
            f"`{'asgi' if key == 'wsgi' else 'wsgi'}`, name it so"
        )


def expect_success(head: Head, status: int) -> None:
    """Check the answer to a request that the build has made.

    Raises: RuntimeError if it is not what a path is named for
    """
    if status >= 400:
        raise RuntimeError(f"the request of the warm-up, {head.method} {head.path}, was answered with {status}")


def expect_bytes(data: Any) -> None:
    """Check a part of a body, while another response can take the place of this one.

    Raises: TypeError for a text, or for an item of the bytes that an application has returned in place of a list of them
    """
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError(f"the parts of a response's body are bytes, and one is of the type {type(data).__name__}")


def fields(kind: Any, status: int, headers: Iterable[tuple[str, bytes]]) -> Any:
    """The headers of a response, as the `Fields` of a version of `wasi:http`.

    Raises: ValueError for headers that HTTP does not allow
    """
    left_out = OF_CONNECTION | {"content-length"} if status in WITHOUT_LENGTH else OF_CONNECTION
    kept = [(name, value) for name, value in headers if name.lower() not in left_out]
    try:
        return kind.from_list(kept)
    except Err as error:
        raise ValueError(f"the response has a header that cannot be sent ({error.value}): {kept}") from None


def set_status(made: Any, status: int) -> None:
    """Give a response of any version its status.

    Raises: ValueError for one that there cannot be
    """
    try:
        made.set_status_code(status)
    except Err:
        raise ValueError(f"{status} is no status of a response") from None


def response(status: int, headers: Iterable[tuple[str, bytes]]) -> http.OutgoingResponse:
    """A response with this head."""
    made = http.OutgoingResponse(fields(http.Fields, status, headers))
    set_status(made, status)
    return made


def answer(out: http.ResponseOutparam, made: http.OutgoingResponse) -> None:
    """Give the host the head of a response."""
    http.ResponseOutparam.set(out, Ok(made))


def refuse(out: http.ResponseOutparam, status: int, text: str) -> None:
    """Answer with a sentence, at once."""
    body = f"{text}\n".encode()
    made = response(status, [("content-type", b"text/plain; charset=utf-8"), ("content-length", b"%d" % len(body))])
    writing = made.body()
    answer(out, made)
    try:
        with writing.write() as stream:
            stream.blocking_write_and_flush(body)
        http.OutgoingBody.finish(writing, None)
    except Err:
        # The client is gone.
        pass


def report() -> None:
    """Print the exception that is being handled, as Python does."""
    traceback.print_exc()
    sys.stderr.flush()

"""ASGI 3 over `wasi:http` 0.2: an instance answers a request each, or one after the other."""

from typing import Any, Optional

from componentize_py_types import Err
from poll_loop import PollLoop, Sink, Stream

from ._exchange import Exchange, Headers, scope
from ._lifespan import Application, Lifespan
from ._requests import WITHOUT_BODY, BadRequest, Head, answer, refuse, report, response
from .bindings.imports import wasi_http_types_0_2_12 as http


def handler(application: Application) -> type:
    """The class by which the host has an application answer."""
    lifespan = Lifespan(application)
    loop = PollLoop()

    class Handler:
        """The export `wasi:http/incoming-handler@0.2`."""

        def handle(self, request: http.IncomingRequest, response_out: http.ResponseOutparam) -> None:
            try:
                head = Head.of(request)
            except BadRequest as error:
                return refuse(response_out, 400, f"Bad Request: {error}")
            loop.run_until_complete(handle(lifespan, request, head, response_out))

    return Handler


async def handle(lifespan: Lifespan, request: http.IncomingRequest, head: Head, out: http.ResponseOutparam) -> None:
    """Answer a request; what the application raises is printed, and answered with 500 if that is still possible."""
    answered: list[ResponseBody] = []

    async def respond(status: int, headers: Headers) -> ResponseBody:
        made = response(status, headers)
        has_body = head.method != "HEAD" and status not in WITHOUT_BODY
        answered.append(ResponseBody(Sink(made.body()) if has_body else None))
        answer(out, made)
        return answered[0]

    try:
        await lifespan.start()
        with RequestBody(request) as body:
            await Exchange(body, respond).run(lifespan.application, scope(head, lifespan.state))
    except BaseException:
        report()
        if not answered:
            refuse(out, 500, "Internal Server Error")
    finally:
        for response_body in answered:
            response_body.drop()


class RequestBody:
    """The body of a request."""

    def __init__(self, request: http.IncomingRequest) -> None:
        self.stream = Stream(request.consume())

    def __enter__(self) -> "RequestBody":
        return self

    def __exit__(self, *_: Any) -> None:
        if self.stream.stream is not None:
            self.stream.stream.__exit__(None, None, None)
            self.stream.body.__exit__(None, None, None)

    async def next(self) -> Optional[bytes]:
        try:
            return await self.stream.next()
        except Err as error:
            raise ConnectionResetError("the body of the request broke off") from error


class ResponseBody:
    """The body of a response; one without a sink is for a response that has none."""

    def __init__(self, sink: Optional[Sink]) -> None:
        self.sink = sink

    async def send(self, data: bytes) -> None:
        if self.sink is not None:
            try:
                await self.sink.send(data)
            except Err as error:
                raise ConnectionResetError("nobody reads the response any more") from error

    def finish(self) -> None:
        if self.sink is not None:
            try:
                self.sink.close()
            except Err as error:
                raise ValueError(f"the body is not as long as its head says: {error.value}") from None

    def drop(self) -> None:
        """Let go of a body that may not be whole: then the client sees that it breaks off."""
        if self.sink is not None and self.sink.body is not None:
            self.sink.stream.__exit__(None, None, None)
            self.sink.body.__exit__(None, None, None)

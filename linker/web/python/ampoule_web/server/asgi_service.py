"""ASGI 3 over `wasi:http` 0.3: an instance answers many requests at once."""

import asyncio
from typing import Any, Optional

from componentize_py_async_support import spawn
from componentize_py_async_support.streams import ByteStreamReader, ByteStreamWriter
from componentize_py_types import Err, Ok

from ampoule_web import bindings
from ampoule_web.server.exchange import Exchange, Headers, scope
from ampoule_web.server.lifespan import Application, Lifespan
from ampoule_web.server.incoming import BROKEN, BadRequest, Head, expect_application, fields, report, set_status
from ampoule_web.server.warming import warm_up as warm_up
from ampoule_web.bindings.imports import wasi_http_types_0_3_0 as http

BUFFER_SIZE = 64 * 1024

# A future of a response's trailers, and one of what became of a request's body.
TRAILERS = bindings.result_option_wasi_http_types_0_3_0_fields_wasi_http_types_0_3_0_error_code_future
RECEIVED = bindings.result_unit_wasi_http_types_0_3_0_error_code_future


def handler(application: Application) -> type:
    """The class by which the host has an application answer."""
    expect_application(application, "asgi")
    lifespan = Lifespan(application)

    class Handler:
        """The export `wasi:http/handler@0.3`."""

        async def handle(self, request: http.Request) -> http.Response:
            try:
                head = head_of(request)
            except BadRequest as error:
                return sentence(400, f"Bad Request: {error}")
            return await handle(lifespan, request, head)

    return Handler


def head_of(request: http.Request) -> Head:
    """The head of a request of 0.3."""
    with request.get_headers() as headers:
        entries = headers.copy_all()
    return Head(
        request.get_method(), request.get_scheme(), request.get_path_with_query(), request.get_authority(), entries
    )


async def handle(lifespan: Lifespan, request: http.Request, head: Head) -> http.Response:
    """The response to a request, whose body may come later; what the application raises is printed."""
    response: asyncio.Future[http.Response] = asyncio.get_running_loop().create_future()
    answered: list[ResponseBody] = []

    async def respond(status: int, headers: Headers) -> ResponseBody:
        made, body = made_of(status, headers, head.has_body(status))
        answered.append(body)
        response.set_result(made)
        return body

    async def run() -> None:
        try:
            await lifespan.start()
            with RequestBody(request) as body:
                await Exchange(body, respond).run(lifespan.application, scope(head, lifespan.state))
            if not response.done():
                response.set_result(sentence(400, f"Bad Request: {BROKEN}"))
        except BaseException:
            report()
            if not response.done():
                response.set_result(sentence(500, "Internal Server Error"))
        finally:
            for response_body in answered:
                await response_body.end()

    spawn(run())
    return await response


class RequestBody:
    """The body of a request."""

    def __init__(self, request: http.Request) -> None:
        self.stream, self.trailers = http.Request.consume_body(
            request, RECEIVED(lambda: Ok(None))[1]
        )

    def __enter__(self) -> "RequestBody":
        return self

    def __exit__(self, *_: Any) -> None:
        self.stream.close()
        self.trailers.close()

    async def next(self) -> Optional[bytes]:
        if data := await self.stream.read(BUFFER_SIZE):
            return data
        # The stream ends alike if the client has sent it all and if it is gone.
        ending = await self.trailers.read()
        if isinstance(ending, Err):
            raise ConnectionResetError(f"the body of the request broke off: {ending.value}")
        if isinstance(ending, Ok) and ending.value is not None:
            ending.value.__exit__(None, None, None)
        return None


class ResponseBody:
    """The body of a response; one without a writer is for a response that has none."""

    def __init__(self, writer: Optional[ByteStreamWriter], trailers: Any) -> None:
        self.writer = writer
        self.trailers = trailers
        self.is_whole = writer is None

    async def send(self, data: bytes) -> None:
        if self.writer is not None and await self.writer.write_all(data) < len(data):
            raise ConnectionResetError("nobody reads the response any more")

    def finish(self) -> None:
        self.is_whole = True

    async def end(self) -> None:
        """Tell the client that the body is whole, or that it breaks off."""
        if self.writer is not None:
            self.writer.close()
        await self.trailers.write(Ok(None) if self.is_whole else Err(http.ErrorCode_InternalError("it broke off")))
        self.trailers.close()


def made_of(status: int, headers: Headers, has_body: bool) -> tuple[http.Response, ResponseBody]:
    """A response with this head, and its body, which is written later."""
    made = fields(http.Fields, status, headers)
    writer, contents = bindings.byte_stream() if has_body else (None, None)
    trailers, told = TRAILERS(lambda: Ok(None))
    response, sent = http.Response.new(made, contents, told)
    sent.close()
    set_status(response, status)
    return response, ResponseBody(writer, trailers)


def sentence(status: int, text: str) -> http.Response:
    """A response that says a sentence."""
    headers = [("content-type", b"text/plain; charset=utf-8")]
    response, body = made_of(status, headers, True)

    async def write() -> None:
        try:
            await body.send(f"{text}\n".encode())
            body.finish()
        except ConnectionResetError:
            pass
        await body.end()

    spawn(write())
    return response

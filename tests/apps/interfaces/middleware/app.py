"""Lets known visitors through to the service behind it, and shouts what that answers."""

import wit_world
from componentize_py_async_support import spawn
from componentize_py_types import Ok
from wit_world import exports
from wit_world.imports import handler
from wit_world.imports.wasi_http_types import Fields, Request, Response

KNOWN = {b"secret": b"Ada"}


def future(make, value):
    """A future that has this value already, once it is read."""
    return make(lambda: value)[1]


def no_trailers():
    return future(wit_world.result_option_wasi_http_types_fields_wasi_http_types_error_code_future, Ok(None))


def all_is_well():
    return future(wit_world.result_unit_wasi_http_types_error_code_future, Ok(None))


def refusal() -> Response:
    response, _ = Response.new(Fields(), None, no_trailers())
    response.set_status_code(403)
    return response


class Handler(exports.Handler):
    async def handle(self, request: Request) -> Response:
        headers = request.get_headers()
        visitor = KNOWN.get(b"".join(headers.get("authorization")))
        if visitor is None:
            return refusal()
        method, path = request.get_method(), request.get_path_with_query()
        body, trailers = Request.consume_body(request, all_is_well())
        forwarded, _ = Request.new(Fields.from_list([("visitor", visitor)]), body, trailers, None)
        forwarded.set_method(method)
        forwarded.set_path_with_query(path)
        return shouted(await handler.handle(forwarded))


def shouted(response: Response) -> Response:
    headers, status = response.get_headers().clone(), response.get_status_code()
    headers.append("by", b"middleware")
    body, trailers = Response.consume_body(response, all_is_well())
    writer, reader = wit_world.byte_stream()

    async def shout() -> None:
        async with writer, body:
            async for chunk in body:
                await writer.write_all(chunk.upper())

    spawn(shout())
    answer, _ = Response.new(headers, reader, trailers)
    answer.set_status_code(status)
    return answer

"""Answers with what it is sent, and with what it has been told of it."""

import wit_world
from componentize_py_types import Ok
from wit_world import exports
from wit_world.imports.wasi_http_types import Fields, Request, Response


def future(make, value):
    """A future that has this value already, once it is read."""
    return make(lambda: value)[1]


class Handler(exports.Handler):
    async def handle(self, request: Request) -> Response:
        visitor = request.get_headers().get("visitor")
        sent = future(wit_world.result_unit_wasi_http_types_error_code_future, Ok(None))
        body, trailers = Request.consume_body(request, sent)
        headers = Fields.from_list([("content-type", b"text/plain"), ("greeting", b"Hello, " + visitor[0])])
        response, _ = Response.new(headers, body, trailers)
        return response

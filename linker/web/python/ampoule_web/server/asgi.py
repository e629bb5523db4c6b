"""ASGI 3 over `wasi:http` 0.2: an instance answers a request each, or one after the other."""

import asyncio

from ampoule_web.server.bodies import RequestBody, ResponseBody
from ampoule_web.server.exchange import Exchange, Headers, scope
from ampoule_web.server.lifespan import Application, Lifespan
from ampoule_web.server.incoming import BROKEN, BadRequest, Head, answer, expect_application, refuse, report, response
from ampoule_web.server.warming import warm_up as warm_up
from ampoule_web.bindings.imports import wasi_http_types_0_2_12 as http


def handler(application: Application) -> type:
    """The class by which the host has an application answer."""
    expect_application(application, "asgi")
    lifespan = Lifespan(application)
    loop = asyncio.new_event_loop()

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
        answered.append(ResponseBody(made.body(), is_empty=not head.has_body(status)))
        answer(out, made)
        return answered[0]

    try:
        await lifespan.start()
        with RequestBody(request) as body:
            await Exchange(body, respond).run(lifespan.application, scope(head, lifespan.state))
        if not answered:
            refuse(out, 400, f"Bad Request: {BROKEN}")
    except BaseException:
        for response_body in answered:
            await response_body.settle()
        report()
        if not answered:
            refuse(out, 500, "Internal Server Error")
    finally:
        for response_body in answered:
            response_body.drop()

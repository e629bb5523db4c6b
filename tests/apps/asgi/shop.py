"""An ASGI application whose paths are what it does."""

import asyncio
import json
import sys

started = []


async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        await live(scope, receive, send)
        return
    path = scope["path"].removeprefix("/").replace("-", "_")
    await PATHS.get(path, missing)(scope, receive, send)


async def live(scope, receive, send):
    assert await receive() == {"type": "lifespan.startup"}
    await asyncio.sleep(0)
    started.append("once")
    scope["state"]["greeting"] = "hello"
    await send({"type": "lifespan.startup.complete"})
    await receive()


async def answer(send, status, body, headers=()):
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body})


async def missing(scope, receive, send):
    await answer(send, 404, b"nothing here\n")


async def told(scope, receive, send):
    """What the application is told."""
    scope = {key: value for key, value in scope.items() if key not in ("headers", "server")}
    scope["started"] = started
    await answer(send, 200, json.dumps(scope, default=bytes.decode).encode())


async def echo(scope, receive, send):
    await send({"type": "http.response.start", "status": 200})
    has_more = True
    while has_more:
        event = await receive()
        has_more = event["more_body"]
        await send({"type": "http.response.body", "body": event["body"], "more_body": has_more})


async def length(scope, receive, send):
    count, has_more = 0, True
    while has_more:
        event = await receive()
        count, has_more = count + len(event["body"]), event["more_body"]
    await answer(send, 200, str(count).encode())


async def produce(scope, receive, send):
    """As many bytes as the query says."""
    rest = int(scope["query_string"])
    await send({"type": "http.response.start", "status": 200})
    try:
        while rest:
            size = min(rest, 65536)
            rest -= size
            await send({"type": "http.response.body", "body": bytes(size), "more_body": True})
        await send({"type": "http.response.body"})
    finally:
        print(f"ended with {'some' if rest else 'nothing'} left", file=sys.stderr)


async def cookies(scope, receive, send):
    headers = [(b"location", b"/told"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
    await answer(send, 303, b"", headers)


async def sleep(scope, receive, send):
    await asyncio.gather(*(asyncio.sleep(float(scope["query_string"])) for _ in range(10)))
    await answer(send, 200, b"awake")


async def disconnect(scope, receive, send):
    """The end of a response, as a task beside it is told of it."""
    await receive()
    waiting = asyncio.create_task(receive())
    await answer(send, 200, b"done")
    print("then", (await waiting)["type"], file=sys.stderr)


async def upload(scope, receive, send):
    """Answer to a body that is whole, and to no other."""
    event = await receive()
    while event.get("more_body"):
        event = await receive()
    print("the upload ends with", event["type"], file=sys.stderr)
    if event["type"] == "http.request":
        await answer(send, 200, b"whole")


async def fail(scope, receive, send):
    raise LookupError("nothing is where it should be")


async def fail_late(scope, receive, send):
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
    raise LookupError("broken in the middle")


async def too_short(scope, receive, send):
    await answer(send, 200, b"short", [(b"content-length", b"10")])


async def smuggle(scope, receive, send):
    await answer(send, 200, b"never", [(b"x-value", b"a\r\nx-other: b")])


async def silent(scope, receive, send):
    pass


async def websocket(scope, receive, send):
    await send({"type": "websocket.accept"})


PATHS = {name: value for name, value in list(globals().items()) if asyncio.iscoroutinefunction(value)}

import asyncio
import json

from shop import app


def request(method, path, body=b""):
    sent = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(event):
        sent.append(event)

    scope = {"type": "http", "asgi": {"version": "3.0"}, "method": method, "path": path, "headers": []}
    scope |= {"query_string": b"", "root_path": "", "scheme": "http"}
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], b"".join(event.get("body", b"") for event in sent[1:])


def test_prices():
    status, body = request("GET", "/")
    assert status == 200 and json.loads(body)["tea"] == 250


def test_a_total():
    assert request("POST", "/total", b'["tea", "cake"]') == (200, b'{"total":670}')

import asyncio

import aiohttp
import aiohttp.http_parser
from aiohttp import web
from aiohttp._websocket import mask
from multidict import CIMultiDict


def check():
    assert aiohttp.http_parser.HttpRequestParser is aiohttp.http_parser.HttpRequestParserC
    asyncio.run(parse())
    data = bytearray(b"Hello, websocket")
    mask._websocket_mask_cython(b"\1\2\3\4", data)
    mask._websocket_mask_cython(b"\1\2\3\4", data)
    assert data == b"Hello, websocket"


async def parse():
    loop = asyncio.get_running_loop()
    protocol = aiohttp.base_protocol.BaseProtocol(loop)
    parser = aiohttp.http_parser.HttpRequestParser(protocol, loop, 2**16)
    messages, upgraded, tail = parser.feed_data(b"GET /a?b=c HTTP/1.1\r\nHost: example.com\r\nX: 1\r\n\r\n")
    (message, _), = messages
    assert message.method == "GET" and message.url.query["b"] == "c" and not upgraded and not tail
    assert message.headers == CIMultiDict({"Host": "example.com", "X": "1"})
    application = web.Application()
    application.router.add_get("/{name}", lambda request: web.Response(text=request.match_info["name"]))
    assert [resource.canonical for resource in application.router.resources()] == ["/{name}"]

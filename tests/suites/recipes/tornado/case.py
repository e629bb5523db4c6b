from tornado import escape, httputil, speedups, template, util, web, websocket
from tornado.routing import PathMatches


class Page(web.RequestHandler):
    def get(self, name):
        self.write({"name": name})


def check():
    assert util._websocket_mask is speedups.websocket_mask
    data = bytes(range(256))
    masked = speedups.websocket_mask(b"\x01\x02\x03\x04", data)
    assert masked == bytes(byte ^ (at % 4 + 1) for at, byte in enumerate(data))
    assert masked == util._websocket_mask_python(b"\x01\x02\x03\x04", data)
    for wrong in (b"\x01", data), (None, data):
        try:
            speedups.websocket_mask(*wrong)
        except (ValueError, TypeError):
            continue
        raise AssertionError("it is no mask")
    page = template.Template("{% for name in names %}<b>{{ name }}</b>{% end %}")
    assert page.generate(names=["a", "<b>"]) == b"<b>a</b><b>&lt;b&gt;</b>"
    headers = httputil.HTTPHeaders.parse("Host: example.com\r\nX: 1\r\nX: 2\r\n")
    assert headers.get_list("X") == ["1", "2"] and escape.json_decode(escape.json_encode({"a": 1})) == {"a": 1}
    request = httputil.HTTPServerRequest("GET", "/page/one", headers=headers)
    assert PathMatches("/page/(.*)").match(request)["path_args"] == [b"one"]
    application = web.Application([("/page/(.*)", Page, {}, "page")])
    assert application.reverse_url("page", "two") == "/page/two"
    assert websocket.WebSocketProtocol13.compute_accept_value("dGhlIHNhbXBsZSBub25jZQ==").endswith("GzzhZRbK+xOo=")

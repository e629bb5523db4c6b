import httptools


class Events:
    def __init__(self):
        self.headers, self.body, self.seen = [], b"", []

    def on_message_begin(self):
        self.seen.append("begin")

    def on_url(self, url):
        self.url = url

    def on_header(self, name, value):
        self.headers.append((name, value))

    def on_headers_complete(self):
        self.seen.append("headers")

    def on_body(self, body):
        self.body += body

    def on_status(self, status):
        self.status = status

    def on_message_complete(self):
        self.seen.append("complete")


def check():
    events = Events()
    parser = httptools.HttpRequestParser(events)
    request = b"POST /a?b=c HTTP/1.1\r\nHost: example.com\r\nTransfer-Encoding: chunked\r\n\r\n"
    request += b"4\r\nWiki\r\n2\r\n!!\r\n0\r\n\r\n"
    for at in range(0, len(request), 5):
        parser.feed_data(request[at : at + 5])
    assert events.headers == [(b"Host", b"example.com"), (b"Transfer-Encoding", b"chunked")]
    assert events.body == b"Wiki!!" and events.seen == ["begin", "headers", "complete"]
    assert parser.get_method() == b"POST" and parser.get_http_version() == "1.1" and parser.should_keep_alive()
    events = Events()
    parser = httptools.HttpResponseParser(events)
    parser.feed_data(b"HTTP/1.0 404 Not Found\r\nContent-Length: 3\r\n\r\nwhy")
    assert parser.get_status_code() == 404 and events.status == b"Not Found" and events.body == b"why"
    url = httptools.parse_url(b"http://user@example.com:8080/a/b?c=d#e")
    assert (url.schema, url.host, url.port, url.path) == (b"http", b"example.com", 8080, b"/a/b")
    assert (url.query, url.fragment, url.userinfo) == (b"c=d", b"e", b"user")
    upgrade = b"GET /ws HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nrest"
    try:
        httptools.HttpRequestParser(Events()).feed_data(upgrade)
    except httptools.HttpParserUpgrade as error:
        assert upgrade[error.args[0] :] == b"rest"
    else:
        raise AssertionError("it is no longer HTTP")
    for wrong in lambda: httptools.HttpRequestParser(events).feed_data(b"GET\x01"), lambda: httptools.parse_url(b"a b"):
        try:
            wrong()
        except (httptools.HttpParserError, httptools.HttpParserInvalidURLError):
            continue
        raise AssertionError("it cannot be parsed")

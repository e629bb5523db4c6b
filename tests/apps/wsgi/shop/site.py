"""A WSGI application whose paths are what it does."""

import json
import sys

PAGE = "a page from a file, read when the component was built"


def make():
    return application


def application(environ, start_response):
    path = environ["PATH_INFO"].removeprefix("/").replace("-", "_")
    return PATHS.get(path, missing)(environ, start_response)


def missing(environ, start_response):
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"nothing here\n"]


def page(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(PAGE)))])
    return [PAGE.encode()]


def environment(environ, start_response):
    """What the application is told, but for what is the server's."""
    start_response("200 OK", [("Content-Type", "application/json")])
    texts = {key: value for key, value in environ.items() if isinstance(value, str)}
    return [json.dumps(texts).encode()]


def echo(environ, start_response):
    """Lines, as they come."""
    start_response("200 OK", [])
    return iter(environ["wsgi.input"])


def length(environ, start_response):
    """How long the body is, read in pieces."""
    count = 0
    while data := environ["wsgi.input"].read(100_000):
        count += len(data)
    start_response("200 OK", [])
    return [str(count).encode()]


def produce(environ, start_response):
    """As many bytes as the query says."""
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    return Chunks(int(environ["QUERY_STRING"]))


class Chunks:
    def __init__(self, count):
        self.rest = count

    def __iter__(self):
        return self

    def __next__(self):
        if not self.rest:
            raise StopIteration
        size = min(self.rest, 65536)
        self.rest -= size
        return bytes(size)

    def close(self):
        print(f"closed with {'some' if self.rest else 'nothing'} left", file=sys.stderr)


def cookies(environ, start_response):
    start_response("303 See Other", [("Location", "/page"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    return []


def written(environ, start_response):
    """The oldest way."""
    write = start_response("200 OK", [])
    write(b"one ")
    write(b"two")
    return [b" three"]


def not_modified(environ, start_response):
    start_response("304 Not Modified", [("ETag", '"x"')])
    return []


def fail(environ, start_response):
    raise LookupError("nothing is where it should be")


def fail_late(environ, start_response):
    start_response("200 OK", [])
    yield b"half"
    raise LookupError("broken in the middle")


def replace(environ, start_response):
    """An error page in place of what has not been sent yet."""
    start_response("200 OK", [("X-First", "yes")])
    try:
        raise LookupError("replaced")
    except LookupError:
        start_response("503 Service Unavailable", [("X-Second", "yes")], sys.exc_info())
    return [b"sorry"]


def too_short(environ, start_response):
    start_response("200 OK", [("Content-Length", "10")])
    return [b"short"]


def too_long(environ, start_response):
    start_response("200 OK", [("Content-Length", "3")])
    return [b"too long"]


def smuggle(environ, start_response):
    start_response("200 OK", [("X-Value", "a\r\nX-Other: b")])
    return [b"never"]


def connection(environ, start_response):
    """Headers that are the host's."""
    start_response("200 OK", [("Connection", "close"), ("Transfer-Encoding", "identity")])
    return [b"kept"]


def silent(environ, start_response):
    return [b"no head"]


PATHS = {name: value for name, value in list(globals().items()) if callable(value)}

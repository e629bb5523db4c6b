"""What the clients in `app.py` talk to: a server of HTTP on loopback, whose port is printed."""

import gzip
import hashlib
import http.server
import json
import sys
import time

PIECE = bytes(range(256)) * 256


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, body=b"", status=200, **fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status not in (204, 304):
            self.wfile.write(body)

    def received(self):
        """The pieces of the request's body."""
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return
        rest = int(self.headers.get("Content-Length", 0))
        while rest:
            piece = self.rfile.read(min(rest, 1 << 16))
            rest -= len(piece)
            yield piece

    def do(self):
        path, _, query = self.path.partition("?")
        respond = getattr(self, "on_" + path.strip("/").replace("/", "_"), None)
        if respond is None:
            b"".join(self.received())
            self.answer(b"there is no such page", 404)
        else:
            respond(query)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do

    def on_hello(self, query):
        b"".join(self.received())
        self.answer(b"hello " + query.encode(), Content_Type="text/plain")

    def on_echo(self, query):
        """What the request was."""
        body = b"".join(self.received())
        hidden = ("user-agent", "accept", "accept-encoding", "connection", "transfer-encoding", "content-type")
        fields = {name.lower(): value for name, value in self.headers.items() if name.lower() not in hidden}
        told = {"method": self.command, "query": query, "fields": fields, "body": body.decode("latin-1")[:300]}
        self.answer(json.dumps(told, sort_keys=True).encode(), Content_Type="application/json")

    def on_digest(self, query):
        """The length and the digest of what was uploaded."""
        digest, length = hashlib.sha256(), 0
        for piece in self.received():
            digest.update(piece)
            length += len(piece)
        framing = self.headers.get("Transfer-Encoding", "length")
        self.answer(f"{framing} {length} {digest.hexdigest()[:16]}".encode())

    def on_large(self, query):
        """So many MB, with their length or in chunks."""
        count, _, framing = query.partition("&")
        pieces = int(count) * 16
        self.send_response(200)
        if framing == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for _ in range(pieces):
                self.wfile.write(b"%x\r\n%b\r\n" % (len(PIECE), PIECE))
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.send_header("Content-Length", str(pieces * len(PIECE)))
            self.end_headers()
            for _ in range(pieces):
                self.wfile.write(PIECE)

    def on_redirect(self, query):
        b"".join(self.received())
        count = int(query)
        self.answer(status=302, Location=f"/redirect?{count - 1}" if count else "/hello?redirected")

    def on_cookie(self, query):
        self.answer(self.headers.get("Cookie", "none").encode(), Set_Cookie=f"{query}; Path=/")

    def on_gzip(self, query):
        self.answer(gzip.compress(b"compressed " * 1000, mtime=0), Content_Encoding="gzip")

    def on_status(self, query):
        b"".join(self.received())
        self.answer(b"as asked", int(query))

    def on_slow(self, query):
        """The head late."""
        time.sleep(float(query))
        self.answer(b"late")

    def on_stalled(self, query):
        """The head at once, the body late."""
        self.send_response(200)
        self.send_header("Content-Length", "8")
        self.end_headers()
        self.wfile.write(b"half")
        self.wfile.flush()
        time.sleep(float(query))
        self.wfile.write(b"late")

    def on_cut(self, query):
        """Half of the body, then the end of the connection."""
        self.send_response(200)
        if query == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"4\r\nhalf\r\n")
        else:
            self.send_header("Content-Length", "8")
            self.end_headers()
            self.wfile.write(b"half")
        self.close_connection = True

    def on_gone(self, query):
        """The end of the connection without an answer."""
        self.close_connection = True

    def on_early(self, query):
        """An answer before the request's body is read."""
        self.answer(b"too much", 413, Connection="close")
        self.wfile.flush()
        time.sleep(0.2)
        b"".join(self.received())
        self.close_connection = True

    def on_until_the_end(self, query):
        """A body without a length."""
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"until the end")
        self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Clients that go away are a part of the tests."""


if __name__ == "__main__":
    server = Server(("127.0.0.1", int(sys.argv[1]) if sys.argv[1:] else 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()

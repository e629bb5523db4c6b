"""Compares what comes of each case of `app.py` over sockets and over wasi:http: `compare.py COMPONENT -- AMPOULE run ...`.

Starts the servers, prints what differs, and fails if that is something else than what DIFFERENT says.
"""

import json
import pathlib
import ssl
import subprocess
import sys
import tempfile
import threading
from http.server import ThreadingHTTPServer

import server

# What has another outcome over wasi:http, and which: what connecting fails with is known only when a request is sent,
# Wasmtime tells all failures of TLS alike, and there are no proxies.
DIFFERENT = {
    "UrllibRequest.untrusted": "! URLError SSLError",
    "UrllibRequest.proxy": "! URLError OSError",
    "Requests.proxy": "! ConnectionError",
    "Requests.tunnel": "! ConnectionError",
    "Httpx.refused": "! ReadError",
    "Httpx.unknown": "! ReadError",
    "Httpx.untrusted": "! ReadError",
    "HttpxAsync.refused": "! ReadError",
    "HttpxAsync.untrusted": "! ReadError",
    "Aiohttp.refused": "! ClientOSError",
    "Aiohttp.unknown": "! ClientOSError",
    "Aiohttp.untrusted": "! ClientOSError",
    # Over sockets this fails, with and without `ampoule_web`.
    "Aiohttp.chunked": "= chunked 2000000 182c84e7c1bd8ec8",
}


def start(tls=None):
    started = server.Server(("127.0.0.1", 0), server.Handler)
    if tls:
        started.socket = tls.wrap_socket(started.socket, server_side=True)
    threading.Thread(target=started.serve_forever, daemon=True).start()
    return f"127.0.0.1:{started.server_port}"


def self_signed(folder):
    """TLS with a certificate that nobody trusts."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    options = "-x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", key, "-out", certificate]
    subprocess.run(["openssl", "req", *options.split(), *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def main(component, program):
    with tempfile.TemporaryDirectory() as folder:
        unused = ThreadingHTTPServer(("127.0.0.1", 0), server.Handler)
        places = {
            "SERVER": start(),
            "ENCRYPTED": start(self_signed(pathlib.Path(folder))),
            "UNUSED": f"127.0.0.1:{unused.server_port}",
        }
        unused.server_close()
    given = [f"--env={name}={place}" for name, place in places.items()]

    def call(what, *options):
        done = subprocess.run([*program, *given, *options, component, what], capture_output=True, text=True)
        if done.returncode:
            return done.stderr
        return json.loads(done.stdout.strip().replace("\\'", "'"))

    failures = 0
    for name in call("cases()"):
        over_http, over_sockets = call(f'outcome("{name}")'), call(f'outcome("{name}")', "--network")
        if over_http != DIFFERENT.get(name, over_sockets):
            failures += 1
            print(f"{name}\n  over wasi:http: {over_http}\n  over sockets:   {over_sockets}")
    print(f"{failures} differ")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[3:]))

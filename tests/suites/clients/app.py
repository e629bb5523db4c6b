"""Clients of HTTP, each of which does what it is asked for against `server.py` and says what came of it.

What comes over sockets and what comes over wasi:http is compared (`compare.py`): it is to be the same.
"""

import asyncio
import hashlib
import http.client
import http.cookiejar
import os
import time
import urllib.error
import urllib.request

import httpx
import requests
import urllib3

try:
    import aiohttp
except ImportError:
    aiohttp = None

SERVER = "127.0.0.1:8000"
UNUSED = "127.0.0.1:1"
UNKNOWN = "no-such-host.invalid"
ENCRYPTED = "127.0.0.1:8443"


def failed(error):
    """The kinds of an exception and of those that it stands for."""
    reason = getattr(error, "reason", None)
    kinds = [type(error).__name__]
    if isinstance(reason, BaseException):
        kinds.append(type(reason).__name__)
    return " ".join(kinds)


def upload():
    for number in range(40):
        yield bytes([number]) * 50_000


def digest(pieces):
    digest, length = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        length += len(piece)
    return f"{length} {digest.hexdigest()[:16]}"


def url(path, server=None, scheme="http"):
    return f"{scheme}://{server or SERVER}/{path}"


class UrllibRequest:
    def open(self, address, timeout=None, **options):
        options = {"timeout": timeout} if timeout else {}
        return urllib.request.urlopen(address, **options)

    def get(self):
        with self.open(url("hello?there")) as response:
            return response.status, response.reason, response.headers["content-type"], response.read()

    def post(self):
        return self.open(urllib.request.Request(url("echo"), b"a=1", {"X-One": "1"})).read()

    def chunked(self):
        return self.open(urllib.request.Request(url("digest"), upload(), method="PUT")).read()

    def large(self):
        with self.open(url("large?8")) as response:
            return digest(iter(lambda: response.read(1 << 16), b""))

    def redirects(self):
        with self.open(url("redirect?3")) as response:
            return response.url.partition("/hello")[1:], response.read()

    def cookies(self):
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        return [opener.open(url(f"cookie?n={number}")).read() for number in range(3)]

    def missing(self):
        try:
            self.open(url("missing"))
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def refused(self):
        return self.open(url("", UNUSED))

    def unknown(self):
        return self.open(url("", UNKNOWN))

    def slow(self):
        return self.open(url("slow?3"), timeout=0.5)

    def stalled(self):
        return self.open(url("stalled?3"), timeout=0.5).read()

    def cut(self):
        return self.open(url("cut")).read()

    def gone(self):
        return self.open(url("gone")).read()

    def untrusted(self):
        return self.open(url("", ENCRYPTED, "https"))

    def proxy(self):
        proxies = urllib.request.ProxyHandler({"http": url("")})
        return urllib.request.build_opener(proxies).open("http://elsewhere.invalid/").read()


class HttpClient:
    def connect(self, **options):
        return http.client.HTTPConnection(SERVER, **options)

    def keep_alive(self):
        connection, given = self.connect(), []
        for number in range(4):
            connection.request("GET" if number % 2 else "HEAD", f"/hello?{number}")
            given.append(connection.getresponse().read())
        connection.request("POST", "/digest", body=upload(), encode_chunked=True, headers={"Transfer-Encoding": "chunked"})
        given.append(connection.getresponse().read())
        sock = connection.sock
        connection.request("DELETE", "/status?204")
        given.append((connection.getresponse().status, connection.sock is sock))
        return given

    def continued(self):
        connection = self.connect()
        connection.putrequest("PUT", "/digest")
        connection.putheader("Content-Length", "4")
        connection.putheader("Expect", "100-continue")
        connection.endheaders()
        connection.send(b"body")
        return connection.getresponse().read()

    def chunked_response(self):
        connection = self.connect()
        connection.request("GET", "/large?4&chunked")
        response = connection.getresponse()
        return response.headers["transfer-encoding"], digest(iter(lambda: response.read(100_000), b""))

    def until_the_end(self):
        connection = self.connect()
        connection.request("GET", "/until/the/end", headers={"Connection": "close"})
        return connection.getresponse().read()

    def early(self):
        connection = self.connect()
        try:
            connection.request("PUT", "/early", body=b"x" * 3_000_000)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return connection.getresponse().status


class Requests:
    def get(self):
        response = requests.get(url("hello"), params={"a": "ä b"})
        return response.status_code, response.reason, response.text, response.headers["Content-Type"]

    def post_json(self):
        return requests.post(url("echo"), json={"a": [1, None]}).json()

    def form_and_files(self):
        text = requests.post(url("echo"), data={"a": "1"}, files={"file": ("name.txt", b"content")}).json()["body"]
        return "content" in text and 'filename="name.txt"' in text

    def chunked(self):
        return requests.post(url("digest"), data=upload()).text

    def large(self):
        with requests.get(url("large?8"), stream=True) as response:
            return digest(response.iter_content(1 << 16))

    def redirects(self):
        response = requests.get(url("redirect?3"))
        return [one.status_code for one in response.history], response.text

    def too_many_redirects(self):
        return requests.get(url("redirect?50"))

    def session(self):
        with requests.Session() as session:
            return [session.get(url(f"cookie?n={number}")).text for number in range(4)], dict(session.cookies)

    def gzip(self):
        return digest([requests.get(url("gzip")).content])

    def head(self):
        response = requests.head(url("hello?head"))
        return response.status_code, response.headers["content-length"], response.content

    def errors(self):
        given = []
        for status in (404, 500, 503):
            response = requests.put(url(f"status?{status}"), data=b"x" * 1000)
            given.append((response.status_code, response.reason, response.text))
        try:
            response.raise_for_status()
        except requests.HTTPError as error:
            given.append(str(error).partition(" for url")[0])
        return given

    def refused(self):
        return requests.get(url("", UNUSED))

    def unknown(self):
        return requests.get(url("", UNKNOWN))

    def slow(self):
        return requests.get(url("slow?3"), timeout=0.5)

    def slow_in_time(self):
        return requests.get(url("slow?0.6"), timeout=(0.3, 5)).text

    def stalled(self):
        return requests.get(url("stalled?3"), timeout=0.5)

    def cut(self):
        return requests.get(url("cut"))

    def cut_chunked(self):
        return requests.get(url("cut?chunked"))

    def gone(self):
        return requests.get(url("gone"))

    def untrusted(self):
        return requests.get(url("", ENCRYPTED, "https"))

    def proxy(self):
        return requests.get("http://elsewhere.invalid/", proxies={"http": url("")}).status_code

    def tunnel(self):
        return requests.get("https://elsewhere.invalid/", proxies={"https": url("")}).status_code


class Urllib3:
    def pool(self):
        with urllib3.HTTPConnectionPool(*SERVER.split(":")) as pool:
            given = [pool.request("GET", f"/hello?{number}").data for number in range(5)]
            return given, pool.num_connections

    def retries(self):
        return urllib3.request("GET", url("status?503"), retries=urllib3.Retry(2, status_forcelist=[503]))


class Httpx:
    def get(self):
        response = httpx.get(url("hello?x"))
        return response.status_code, response.reason_phrase, response.text, response.http_version

    def client(self):
        with httpx.Client(follow_redirects=True) as client:
            client.get(url("cookie?a=1"))
            given = [client.get(url("cookie?b=2")).text, client.get(url("redirect?2")).text]
            return given, client.post(url("echo"), json={"a": 1}).json(), client.get(url("gzip")).text[:11]

    def chunked(self):
        return httpx.post(url("digest"), content=upload()).text

    def large(self):
        with httpx.stream("GET", url("large?8&chunked")) as response:
            return digest(response.iter_bytes())

    def refused(self):
        return httpx.get(url("", UNUSED))

    def unknown(self):
        return httpx.get(url("", UNKNOWN))

    def slow(self):
        return httpx.get(url("slow?3"), timeout=0.5)

    def cut(self):
        return httpx.get(url("cut"))

    def gone(self):
        return httpx.get(url("gone"))

    def untrusted(self):
        return httpx.get(url("", ENCRYPTED, "https"))


class HttpxAsync:
    async def get(self):
        async with httpx.AsyncClient() as client:
            responses = await asyncio.gather(*(client.get(url(f"hello?{number}")) for number in range(5)))
            return [response.text for response in responses], (await client.post(url("echo"), data={"a": "1"})).json()

    async def at_once(self):
        """Three responses that take 0.5 s each."""
        start = time.monotonic()
        async with httpx.AsyncClient() as client:
            await asyncio.gather(*(client.get(url("slow?0.5")) for _ in range(3)))
        return time.monotonic() - start < 1.3

    async def chunked(self):
        async def pieces():
            for piece in upload():
                yield piece

        async with httpx.AsyncClient() as client:
            return (await client.post(url("digest"), content=pieces())).text

    async def large(self):
        async with httpx.AsyncClient() as client, client.stream("GET", url("large?8")) as response:
            return digest([piece async for piece in response.aiter_bytes()])

    async def refused(self):
        async with httpx.AsyncClient() as client:
            await client.get(url("", UNUSED))

    async def slow(self):
        async with httpx.AsyncClient(timeout=0.5) as client:
            await client.get(url("slow?3"))

    async def untrusted(self):
        async with httpx.AsyncClient() as client:
            await client.get(url("", ENCRYPTED, "https"))


class Aiohttp:
    async def get(self):
        async with aiohttp.ClientSession() as session:
            async with session.get(url("hello?x")) as response:
                return response.status, response.reason, await response.text()

    async def session(self):
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            given = []
            for path in ("cookie?a=1", "cookie?b=2", "redirect?2", "gzip", "status?500", "missing"):
                async with session.get(url(path)) as response:
                    given.append((response.status, (await response.text())[:20]))
            async with session.post(url("echo"), json={"a": 1}) as response:
                given.append(await response.json())
            return given

    async def chunked(self):
        async def pieces():
            for piece in upload():
                yield piece

        async with aiohttp.ClientSession() as session, session.post(url("digest"), data=pieces()) as response:
            return await response.text()

    async def continued(self):
        async with aiohttp.ClientSession() as session:
            async with session.post(url("digest"), data=b"body", expect100=True) as response:
                return await response.text()

    async def large(self):
        async with aiohttp.ClientSession() as session, session.get(url("large?8&chunked")) as response:
            return digest([piece async for piece in response.content.iter_any()])

    async def at_once(self):
        start = time.monotonic()
        async with aiohttp.ClientSession() as session:

            async def get():
                async with session.get(url("slow?0.5")) as response:
                    return await response.text()

            given = await asyncio.gather(*(get() for _ in range(3)))
        return given, time.monotonic() - start < 1.3

    async def slow(self):
        timeout = aiohttp.ClientTimeout(total=0.5)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url("slow?3")):
            pass

    async def refused(self):
        async with aiohttp.ClientSession() as session, session.get(url("", UNUSED)):
            pass

    async def unknown(self):
        async with aiohttp.ClientSession() as session, session.get(url("", UNKNOWN)):
            pass

    async def untrusted(self):
        async with aiohttp.ClientSession() as session, session.get(url("", ENCRYPTED, "https")):
            pass


class Streams:
    async def raw(self):
        """A request by hand, over asyncio's streams."""
        reader, writer = await asyncio.open_connection(*SERVER.split(":"))
        writer.write(f"GET /hello?raw HTTP/1.1\r\nHost: {SERVER}\r\n\r\n".encode())
        await writer.drain()
        lines = [await reader.readline()]
        while lines[-1] != b"\r\n":
            lines.append(await reader.readline())
        body = await reader.readexactly(9)
        writer.close()
        await writer.wait_closed()
        return lines[0], body


CLIENTS = [UrllibRequest, HttpClient, Requests, Urllib3, Httpx, HttpxAsync, Aiohttp, Streams]
CASES = {
    f"{client.__name__}.{name}": (client, case)
    for client in CLIENTS
    if client is not Aiohttp or aiohttp is not None
    for name, case in vars(client).items()
    if not name.startswith("_") and name not in ("open", "connect")
}


def outcome(name):
    """What a case gives, or the kind of its exception."""
    client, case = CASES[name]
    try:
        given = case(client())
        given = asyncio.run(given) if asyncio.iscoroutine(given) else given
        return f"= {given}"
    except Exception as error:
        return f"! {failed(error)}"


class WitWorld:
    def cases(self):
        return list(CASES)

    def outcome(self, name):
        for place in ("SERVER", "UNUSED", "ENCRYPTED"):
            globals()[place] = os.environ[place]
        return outcome(name)

    def move(self, megabytes):
        """Downloads and uploads so many MB, in pieces."""
        globals()["SERVER"] = os.environ["SERVER"]

        def pieces():
            for _ in range(megabytes * 16):
                yield bytes(1 << 16)

        with requests.get(url(f"large?{megabytes}"), stream=True) as response:
            down = sum(map(len, response.iter_content(1 << 16)))
        return f"{down} {requests.post(url('digest'), data=pieces()).text}"

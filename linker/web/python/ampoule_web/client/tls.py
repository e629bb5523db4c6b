"""TLS for connections over wasi:http: it is the host's, and what a client asks of its own is answered here."""

import sys
from types import ModuleType
from typing import Any

from ampoule_web.client.connection import TLS
from ampoule_web.client.sockets import HttpSocket, connections, text

ssl: Any = sys.modules["ssl"]


class Answers:
    """What a client may ask an encrypted connection; what the host does not tell is None."""

    __slots__ = ()

    server_side = False
    session = None
    session_reused = False

    def do_handshake(self, block: bool = False) -> None:
        """The host does it with the request."""

    def cipher(self) -> None:
        return None

    def shared_ciphers(self) -> None:
        return None

    def compression(self) -> None:
        return None

    def version(self) -> None:
        return None

    def get_channel_binding(self, cb_type: str = "tls-unique") -> None:
        return None

    def selected_npn_protocol(self) -> None:
        return None

    def selected_alpn_protocol(self) -> str:
        return "http/1.1"

    def pending(self) -> int:
        return 0


def certificate(name: str) -> dict[str, Any]:
    """What is known of a server's certificate: the host has found this name in it."""
    kind = "IP Address" if ":" in name or name.replace(".", "").isdecimal() else "DNS"
    return {"subject": ((("commonName", name),),), "subjectAltName": ((kind, name),)}


class HttpsSocket(Answers, HttpSocket):
    """A socket that is a connection over wasi:http with TLS."""

    __slots__ = ()

    def connect(self, address: Any) -> None:
        super().connect(address)
        self.connection.secure(self._name)

    def getpeercert(self, binary_form: bool = False) -> Any:
        return None if binary_form else certificate(self.connection.host)

    def read(self, size: int = 1024, buffer: Any = None) -> Any:
        return self.recv(size) if buffer is None else self.recv_into(buffer, size)

    def write(self, data: Any) -> int:
        return self.send(data)

    def unwrap(self) -> HttpSocket:
        return self


class HttpsObject(Answers):
    """In place of an `ssl.SSLObject`: what goes through stays as it is, and the connection is told of TLS."""

    def __init__(
        self, context: Any, incoming: Any, outgoing: Any, server_hostname: Any
    ) -> None:
        self.context = context
        self.server_hostname = text(server_hostname or "")
        self._incoming, self._outgoing = incoming, outgoing
        outgoing.write(TLS + self.server_hostname.encode() + b"\r\n")

    def getpeercert(self, binary_form: bool = False) -> Any:
        return (
            None
            if binary_form or not self.server_hostname
            else certificate(self.server_hostname)
        )

    def write(self, data: Any) -> int:
        return self._outgoing.write(data)

    def read(self, size: int = 1024, buffer: Any = None) -> Any:
        data = self._incoming.read(size)
        if not data and not self._incoming.eof:
            raise ssl.SSLWantReadError(
                ssl.SSL_ERROR_WANT_READ, "The operation did not complete (read)"
            )
        if buffer is None:
            return data
        memoryview(buffer)[: len(data)] = data
        return len(data)

    def pending(self) -> int:
        return self._incoming.pending

    def unwrap(self) -> None:
        """There is no more to be said."""


wrap_socket = ssl.SSLContext.wrap_socket
wrap_bio = ssl.SSLContext.wrap_bio


def wrap_socket_or_connection(
    self: Any,
    sock: Any,
    server_side: bool = False,
    do_handshake_on_connect: bool = True,
    suppress_ragged_eofs: bool = True,
    server_hostname: Any = None,
    session: Any = None,
) -> Any:
    """As `SSLContext.wrap_socket`."""
    if not isinstance(sock, HttpSocket):
        options = (
            server_side,
            do_handshake_on_connect,
            suppress_ragged_eofs,
            server_hostname,
            session,
        )
        return wrap_socket(self, sock, *options)
    sock.__class__, sock._name = HttpsSocket, text(server_hostname or "")
    if sock.connection is not None:
        sock.connection.secure(sock._name)
    return sock


def wrap_bio_or_connection(
    self: Any,
    incoming: Any,
    outgoing: Any,
    server_side: bool = False,
    server_hostname: Any = None,
    session: Any = None,
) -> Any:
    """As `SSLContext.wrap_bio`; where a connection over wasi:http was opened just now, it is for that one."""
    opened = (sock.connection for sock in connections.values())
    if server_side or not any(
        connection and connection.is_unused for connection in opened
    ):
        return wrap_bio(self, incoming, outgoing, server_side, server_hostname, session)
    return HttpsObject(self, incoming, outgoing, server_hostname)


def install(module: ModuleType) -> None:
    """Put all this in its place."""
    module.SSLContext.wrap_socket = wrap_socket_or_connection
    module.SSLContext.wrap_bio = wrap_bio_or_connection

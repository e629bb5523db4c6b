"""Sockets where the host grants them; where it does not, connections over wasi:http in their place."""

import errno
import itertools
import sys
from time import monotonic
from typing import Any, Callable, Optional
from weakref import WeakValueDictionary

from ampoule_web.client.connection import Connection
from ampoule_web.client.request import refusal
from ampoule_web.client.waiting import Source, wait

socket: Any = sys.modules["socket"]

# The numbers of connections, in place of file descriptors, which are smaller.
NUMBERS = itertools.count(1 << 20)
connections: "WeakValueDictionary[int, HttpSocket]" = WeakValueDictionary()

# The names that addresses were looked up by: over wasi:http a request goes to a name.
names: dict[str, str] = {}

look_up = socket.getaddrinfo


def getaddrinfo(
    host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
) -> list[tuple[Any, ...]]:
    """As `socket.getaddrinfo`; where the host looks up no names, the name itself is the address."""
    try:
        found = look_up(host, port, family, type, proto, flags)
    except socket.gaierror as error:
        is_refused = error.errno == socket.EAI_FAIL and family != socket.AF_INET6
        if not is_refused or not is_for_http(family or -1, type or -1):
            raise
        address = (text(host), int(port or 0))
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", address)]
    names.update((entry[4][0], text(host)) for entry in found if host)
    return found


def text(host: Any) -> str:
    """A name as DNS has it."""
    if not isinstance(host, str):
        return bytes(host).decode("ascii")
    return host if host.isascii() else host.encode("idna").decode("ascii")


def is_for_http(family: int, type: int) -> bool:
    """Whether a socket may be one of a client of HTTP."""
    return family in (-1, socket.AF_INET, socket.AF_INET6) and type in (
        -1,
        socket.SOCK_STREAM,
    )


class Socket(socket.socket):
    """A socket; one that the host refuses becomes a connection over wasi:http."""

    __slots__ = (
        "_address",
        "_asked",
        "_family",
        "_limit",
        "_name",
        "_number",
        "connection",
    )

    _address: Any
    _asked: Optional[float]
    _limit: Optional[float]
    connection: Optional[Connection]

    def __init__(
        self,
        family: int = -1,
        type: int = -1,
        proto: int = -1,
        fileno: Optional[int] = None,
    ) -> None:
        try:
            super().__init__(family, type, proto, fileno)
        except PermissionError:
            if fileno is not None or not is_for_http(family, type):
                raise
        else:
            return
        self._io_refs, self._closed = 0, False  # type: ignore[misc]
        self._become_http(socket.AF_INET if family == -1 else family)

    def connect(self, address: Any) -> None:
        try:
            super().connect(address)
        except (PermissionError, socket.gaierror) as error:
            if not self._can_become_http(error):
                raise
        else:
            return
        self._become_http(self.family)
        self.connect(address)

    def connect_ex(self, address: Any) -> int:
        result = super().connect_ex(address)
        error = OSError(result, "")
        if not self._can_become_http(error):
            return result
        self._become_http(self.family)
        return self.connect_ex(address)

    def _can_become_http(self, error: OSError) -> bool:
        is_refused = error.errno in (errno.EACCES, errno.EPERM, socket.EAI_FAIL)
        return (
            is_refused
            and self.__class__ is Socket
            and is_for_http(self.family, self.type)
        )

    def _become_http(self, family: int) -> None:
        self._limit = (
            socket.getdefaulttimeout() if self.fileno() < 0 else self.gettimeout()
        )
        super()._real_close()
        self._family, self._number = family, next(NUMBERS)
        self._address = self._asked = self.connection = None
        self.__class__ = HttpSocket
        connections[self._number] = self


class HttpSocket(Socket):
    """A socket that is a connection over wasi:http."""

    __slots__ = ()

    def connect(self, address: Any) -> None:
        if self.connection is not None:
            raise OSError(errno.EISCONN, "Socket is connected")
        host = text(address[0])
        self.connection = Connection(names.get(host, host), address[1])
        self._address = address

    def connect_ex(self, address: Any) -> int:
        try:
            self.connect(address)
        except OSError as error:
            return error.errno or errno.EIO
        return 0

    def bind(self, address: Any) -> None:
        raise PermissionError(
            errno.EACCES, "The host of this component grants no sockets"
        )

    def listen(self, backlog: int = 0) -> None:
        self.bind(None)

    # Writing and reading.

    def send(self, data: Any, flags: int = 0) -> int:
        connection = self._connected(flags)
        self._wait(connection.awaited_to_write, monotonic())
        view = memoryview(data).cast("B")
        count = connection.write(view) if view else 0
        self._wait_for_answer(connection)
        return count

    def sendall(self, data: Any, flags: int = 0) -> None:
        view = memoryview(data).cast("B")
        while view:
            view = view[self.send(view, flags) :]

    def recv(self, size: int, flags: int = 0) -> bytes:
        return bytes(self._read(size, flags))

    def recv_into(self, buffer: Any, size: int = 0, flags: int = 0) -> int:
        view = memoryview(buffer).cast("B")
        piece = self._read(size or len(view), flags)
        view[: len(piece)] = piece
        return len(piece)

    def _read(self, size: int, flags: int) -> memoryview:
        connection = self._connected(flags)
        since = monotonic() if self._asked is None else self._asked
        self._wait(connection.awaited_to_read, since)
        self._asked = None
        return connection.read(size)

    def _connected(self, flags: int) -> Connection:
        if self.connection is None:
            raise OSError(errno.ENOTCONN, "Socket not connected")
        if flags:
            raise OSError(errno.EOPNOTSUPP, "Flags are not supported over wasi:http")
        return self.connection

    def _wait(
        self, awaited: Callable[[], Optional[list[Source]]], since: float
    ) -> None:
        """Wait until nothing is awaited any more, as long as the timeout allows."""
        while (sources := awaited()) is not None:
            if self._limit == 0:
                raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
            if not sources:
                raise refusal("The server is expected to speak first")
            rest = None if self._limit is None else since + self._limit - monotonic()
            if rest is not None and rest <= 0:
                raise TimeoutError("timed out")
            wait(sources, rest)

    def _wait_for_answer(self, connection: Connection) -> None:
        """Once a request is written, wait for its response.

        What connecting fails with is not known before, and clients do not expect it when they read.
        """
        if not connection.is_asking or self._limit == 0 or self._asked is not None:
            return
        self._asked = monotonic()
        try:
            self._wait(connection.awaited_to_read, self._asked)
        except TimeoutError:
            # Reading will say so, with the time that has gone by.
            return
        connection.check()

    # What there is to know of it, and to set.

    @property
    def family(self) -> Any:
        return self._family

    @property
    def type(self) -> Any:
        return socket.SOCK_STREAM

    @property
    def proto(self) -> int:
        return socket.IPPROTO_TCP

    def fileno(self) -> int:
        return self._number

    def gettimeout(self) -> Optional[float]:
        return self._limit

    def settimeout(self, value: Optional[float]) -> None:
        if value is not None and value < 0:
            raise ValueError("Timeout value out of range")
        self._limit = value

    timeout = property(gettimeout)

    def getblocking(self) -> bool:
        return self._limit != 0

    def setblocking(self, flag: bool) -> None:
        self._limit = None if flag else 0

    def getpeername(self) -> Any:
        self._connected(0)
        return self._address

    def getsockname(self) -> Any:
        return ("0.0.0.0", 0) if self.family == socket.AF_INET else ("::", 0, 0, 0)

    def getsockopt(self, level: int, name: int, length: int = 0) -> Any:
        return bytes(length) if length else 0

    def setsockopt(self, level: int, name: int, *value: Any) -> None:
        """Options are of no account."""

    # Its end.

    def shutdown(self, how: int) -> None:
        self._connected(0)
        if how != socket.SHUT_WR:
            self.connection.end()

    def detach(self) -> int:
        raise refusal("There is no file descriptor")

    def _real_close(self, *arguments: Any) -> None:
        if self.connection is not None:
            self.connection.end()
        connections.pop(self._number, None)
        self._number = -1


def install(module: Any) -> None:
    """Put all this in its place."""
    from ampoule_web.client import polling

    module.socket = Socket
    module.getaddrinfo = getaddrinfo
    polling.install()

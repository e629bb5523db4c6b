"""The head of a request, as HTTP/1.1 has it on the wire."""

import errno
from dataclasses import dataclass
from typing import Optional

from ampoule_web.fields import OF_CONNECTION

# What a client writes of the connection, the name of the server and an expectation among it.
OF_THE_CONNECTION = OF_CONNECTION | {"expect", "host"}


def refusal(reason: str) -> OSError:
    """What is raised where no socket is granted, and wasi:http cannot do what was asked for."""
    return OSError(
        errno.EPROTONOSUPPORT,
        f"{reason}: the host of this component grants no sockets, and what stands in for them,"
        " wasi:http, carries requests of HTTP/1.1 only",
    )


@dataclass
class Request:
    """A request's method, target and fields; their names are in lower case."""

    method: str
    target: str
    fields: list[tuple[str, bytes]]

    @classmethod
    def parse(cls, head: bytes) -> "Request":
        """Read a head, without the empty line at its end."""
        line, *lines = head.decode("latin-1").split("\r\n")
        method, _, rest = line.partition(" ")
        target, _, version = rest.rpartition(" ")
        if version != "HTTP/1.1" or not method.isascii() or not target:
            raise refusal(f"{line[:40]!r} begins no request of HTTP/1.1")
        if method == "CONNECT" or not target.startswith("/"):
            raise refusal("A proxy cannot be used")
        request = cls(method, target, [cls._field(line) for line in lines])
        if request.value("upgrade"):
            raise refusal("A connection cannot be upgraded")
        return request

    @staticmethod
    def _field(line: str) -> tuple[str, bytes]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise refusal(f"{line[:40]!r} is no field of a request")
        return name.lower(), value.strip(" \t").encode("latin-1")

    def value(self, name: str) -> str:
        """The values of a field, in lower case; empty if it is not there."""
        values = (value for other, value in self.fields if other == name)
        return b", ".join(values).decode("latin-1").lower()

    @property
    def length(self) -> Optional[int]:
        """How long the body is; None if it comes in chunks."""
        if coding := self.value("transfer-encoding"):
            if coding != "chunked":
                raise refusal(f"The transfer coding {coding!r} cannot be sent")
            return None
        length = self.value("content-length") or "0"
        if not (length.isascii() and length.isdecimal()):
            raise refusal(f"{length!r} is no length of a request")
        return int(length)

    def fields_to_send(self) -> list[tuple[str, bytes]]:
        """The fields, without those of the connection."""
        return [field for field in self.fields if field[0] not in OF_THE_CONNECTION]

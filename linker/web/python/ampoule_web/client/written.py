"""The bytes that a client has written, until they are taken."""

from typing import Any, Generator, Optional

from ampoule_web.client.request import refusal
from ampoule_web.client.waiting import Source

# The longest line, and the longest head.
LONGEST = 256 * 1024

# Steps on the way of what was written: each gives what has to happen before the next, or None if that is more bytes.
Steps = Generator[Optional[Source], None, Any]


class Written(bytearray):
    """Bytes to take from; where there are too few, the steps wait for more."""

    def any(self) -> Steps:
        """Wait until there are bytes."""
        while not self:
            yield None

    def take(self, count: int) -> bytes:
        """Take so many bytes."""
        taken = bytes(self[:count])
        del self[:count]
        return taken

    def until(self, end: bytes) -> Steps:
        """Take what stands before such bytes, and drop these."""
        while (place := self.find(end)) < 0:
            if len(self) > LONGEST:
                raise refusal("What was written is no request")
            yield None
        return self.take(place + len(end))[:place]

    def head(self) -> Steps:
        """Take the head of a request; its first line is looked at before the rest is there."""
        while b"\r\n" not in self[:LONGEST]:
            if self and not self[:1].isalpha() or len(self) > LONGEST:
                raise refusal("What was written is no request")
            yield None
        if not (line := bytes(self.partition(b"\r\n")[0])).endswith(b" HTTP/1.1"):
            raise refusal(f"{line[:40]!r} begins no request of HTTP/1.1")
        return (yield from self.until(b"\r\n\r\n"))

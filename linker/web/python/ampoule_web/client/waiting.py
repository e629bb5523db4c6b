"""Waiting for what the host does."""

import errno
from typing import Optional, Protocol, Sequence

from ampoule_web.bindings.imports import wasi_clocks_monotonic_clock_0_2_12 as clock
from ampoule_web.bindings.imports import wasi_io_poll_0_2_12 as poll


class Source(Protocol):
    """A resource with events, such as a stream or the future of a response."""

    def subscribe(self) -> poll.Pollable: ...


def wait(sources: Sequence[Source], seconds: Optional[float]) -> None:
    """Wait for an event of one of the sources, so many seconds at the most."""
    pollables = [source.subscribe() for source in sources]
    if seconds is not None:
        pollables.append(clock.subscribe_duration(max(0, int(seconds * 1e9))))
    if not pollables:
        raise OSError(errno.EDEADLK, "No event can end the wait")
    try:
        poll.poll(pollables)
    finally:
        for pollable in pollables:
            pollable.__exit__(None, None, None)

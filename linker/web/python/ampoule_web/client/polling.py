"""`select.poll`, and with it the loops of asyncio, for connections over wasi:http too."""

import sys
from time import monotonic
from typing import Any, Optional

from ampoule_web.client.sockets import connections
from ampoule_web.client.waiting import Source, wait

select: Any = sys.modules["select"]
poll_descriptors = select.poll

# The longest pause between two looks at descriptors, which the host cannot wait for beside all else.
LONGEST_PAUSE = 0.01


class Poll:
    """As what `select.poll` gives."""

    def __init__(self) -> None:
        self._descriptors = poll_descriptors()
        self._count = 0
        self._connections: dict[int, int] = {}

    def register(
        self, file: Any, events: int = select.POLLIN | select.POLLPRI | select.POLLOUT
    ) -> None:
        number = number_of(file)
        if number in connections:
            self._connections[number] = events
        else:
            self._descriptors.register(number, events)
            self._count += 1

    def modify(self, file: Any, events: int) -> None:
        number = number_of(file)
        if number in self._connections:
            self._connections[number] = events
        else:
            self._descriptors.modify(number, events)

    def unregister(self, file: Any) -> None:
        number = number_of(file)
        if self._connections.pop(number, None) is None:
            self._descriptors.unregister(number)
            self._count -= 1

    def poll(self, timeout: Optional[float] = None) -> list[tuple[int, int]]:
        if not self._connections:
            return self._descriptors.poll(timeout)
        end = None if timeout is None or timeout < 0 else monotonic() + timeout / 1000
        while True:
            ready, sources = self._look()
            rest = None if end is None else max(0.0, end - monotonic())
            if ready or rest == 0:
                return ready
            if self._count:
                rest = LONGEST_PAUSE if rest is None else min(rest, LONGEST_PAUSE)
            wait(sources, rest)

    def _look(self) -> tuple[list[tuple[int, int]], list[Source]]:
        """What has events now, and what to wait for otherwise."""
        ready = self._descriptors.poll(0) if self._count else []
        sources: list[Source] = []
        for number, events in self._connections.items():
            if found := self._events(number, events, sources):
                ready.append((number, found))
        return ready, sources

    @staticmethod
    def _events(number: int, events: int, sources: list[Source]) -> int:
        connection = connections[number].connection if number in connections else None
        if connection is None:
            return select.POLLNVAL
        awaited = {}
        if events & select.POLLIN:
            awaited[select.POLLIN] = connection.awaited_to_read()
        if events & select.POLLOUT:
            awaited[select.POLLOUT] = connection.awaited_to_write()
        for others in awaited.values():
            sources += others or ()
        return sum(event for event, others in awaited.items() if others is None)


def number_of(file: Any) -> int:
    """The number of a file or socket."""
    return file if isinstance(file, int) else file.fileno()


def install() -> None:
    """Put this in its place."""
    select.poll = Poll
    sys.modules["selectors"].PollSelector._selector_cls = Poll
    # The loop of asynchronous exports is there already, and waits for nothing yet.
    scheduling = sys.modules.get("componentize_py_async_support._scheduling")
    if scheduling is not None:
        scheduling.loop._selector._selector = Poll()

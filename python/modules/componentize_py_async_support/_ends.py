"""What the ends of streams and futures have in common: each is dropped by `with`, by `async with`, or when nothing refers to it."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from componentize_py_async_support._pipes import PASSED_ON, Gone


class End:
    """An end, of which the host or another end in this component has the rest."""

    __slots__ = ("_end", "__weakref__")

    _end: Any

    def close(self) -> None:
        """Drop the end now."""

    def _leave_scope(self) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_end", None) is not None:
            self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave_scope()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave_scope()


class ReadingEnd(End):
    """An end that may be passed on to the host."""

    __slots__ = ()

    def _leave_scope(self) -> None:
        if not isinstance(self._end, Gone):
            self.close()

    def _leave(self) -> None:
        self._end = PASSED_ON

    def _come_back(self, end: Any) -> None:
        self._end = end

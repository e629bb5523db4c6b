"""
What the generated modules call; not for use by an app.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

_T = TypeVar("_T")

class Resource:
    def _drop(self) -> None: ...

def call_import(index: int, *arguments: object) -> _T: ...  # type: ignore[type-var]
def call_constructor(object: Resource, index: int, *arguments: object) -> None: ...

# In a world with streams, futures or asynchronous functions.
def start_import(index: int, *arguments: object) -> Awaitable[Any]: ...
def is_building() -> bool: ...
def do_later(callable: Callable[[], object], /) -> None: ...
def current_task(context: object, /) -> Any: ...

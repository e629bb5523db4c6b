"""Asynchronous functions, streams and futures of the component model, with asyncio.

`asyncio` itself works in every asynchronous export; what is here beside `spawn` is for the generated code.
"""

from collections.abc import Coroutine
from typing import Any

from componentize_py_async_support._native import IS_COMPONENT, spawn_task

__all__ = ["spawn"]


def spawn(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Have a coroutine run beside the export that is running, and after its return.

    What it raises is printed, and ends nothing else.
    """
    spawn_task(coroutine)


if IS_COMPONENT:
    from componentize_py_async_support._scheduling import Loop as _Loop, loop as _loop  # type: ignore

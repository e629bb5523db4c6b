"""What apps of componentize-py import for worlds with streams, futures and asynchronous functions.

In a component whose world has none of them it is there for the names: code that is shared with such worlds can be imported, and annotated.
"""

from collections.abc import Coroutine
from typing import Any


def spawn(coroutine: Coroutine[Any, Any, None]) -> None:
    """Nothing can run beside the functions of a world that has no asynchronous ones: raises RuntimeError."""
    coroutine.close()
    raise RuntimeError("spawn: this component's world has no asynchronous functions; asyncio.create_task runs in asyncio.run")

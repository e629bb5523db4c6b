"""What differs between a component and Python on a machine, where tests run."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

_runtime: Any = None
try:
    import componentize_py_runtime as _runtime  # pyright: ignore[reportMissingModuleSource]
except ImportError:
    pass
IS_COMPONENT = _runtime is not None

# asyncio itself refers to tasks weakly.
_spawned: set[asyncio.Task[Any]] = set()


def check_running(what: str) -> None:
    """Raise in the build, in which nothing runs."""
    if IS_COMPONENT and _runtime.is_building():
        raise RuntimeError(
            f"{what}() was called while the component is being built: call it from a function that runs in an export, not at a "
            "module's level"
        )


def do_later(work: Callable[[], object]) -> None:
    """Call it when something may wait for the host."""
    _runtime.do_later(work)


def spawn_task(coroutine: Coroutine[Any, Any, Any]) -> None:
    """A task that nobody awaits."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        coroutine.close()
        raise RuntimeError("spawn: no asynchronous export is running") from None
    task = loop.create_task(coroutine)
    _spawned.add(task)
    if IS_COMPONENT:
        _runtime.current_task(None).others.append(task)
    task.add_done_callback(_report)


def _report(task: asyncio.Task[Any]) -> None:
    _spawned.discard(task)
    exception = None if task.cancelled() else task.exception()
    if exception is not None:
        message = "a task that was spawned has failed"
        task.get_loop().call_exception_handler(
            {"message": message, "exception": exception, "task": task}
        )

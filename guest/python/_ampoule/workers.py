"""The worker threads of anyio, which WASI has not: what they would do is done in place, as executors do it."""

import os
import sys

from importlib._bootstrap import _find_spec

BACKEND = "anyio._backends._asyncio"


def run_workers_in_place():
    """Have anyio, if the app has it, run functions where it is asked to, once it is imported."""
    file = BACKEND.replace(".", "/") + ".py"
    if any(os.path.isfile(f"{folder}/{file}") for folder in sys.path):
        sys.meta_path.insert(0, WorkersInPlace)


class WorkersInPlace:
    """Finds one module as the others would, to change it when it has run."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        """The spec of anyio's module; None for all others."""
        if name != BACKEND:
            return None
        if cls in sys.meta_path:
            sys.meta_path.remove(cls)
        spec = _find_spec(name, path, target)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            change_what_is_loaded(spec.loader)
        return spec


def change_what_is_loaded(loader):
    def exec_module(module):
        del loader.exec_module
        loader.exec_module(module)
        work_in_place(module)

    loader.exec_module = exec_module


def work_in_place(module):
    """Replace the function that asks a worker thread; one that calls back into the loop from there has none to call into."""
    from concurrent.futures.thread import _OutsideOfLoops, _works_in_place
    from contextvars import copy_context

    backend = getattr(module, "AsyncIOBackend", None)
    if backend is None or not _works_in_place():
        return

    async def run_sync_in_worker_thread(cls, func, args, abandon_on_cancel=False, limiter=None):
        await cls.checkpoint()
        async with limiter or cls.current_default_thread_limiter():
            with _OutsideOfLoops():
                return copy_context().run(func, *args)

    backend.run_sync_in_worker_thread = classmethod(run_sync_in_worker_thread)

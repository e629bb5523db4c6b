"""The worker threads of anyio and asgiref, which WASI has not: what they would do is done in place, as executors do it."""

import os
import sys

from importlib._bootstrap import _find_spec


def run_workers_in_place():
    """Have those libraries that the app has run functions where they are asked to, once they are imported."""
    for name in CHANGES:
        file = name.replace(".", "/") + ".py"
        if any(os.path.isfile(f"{folder}/{file}") for folder in sys.path):
            WorkersInPlace.awaited[name] = CHANGES[name]
    if WorkersInPlace.awaited:
        sys.meta_path.insert(0, WorkersInPlace)


class WorkersInPlace:
    """Finds some modules as the others would, to change each when it has run."""

    awaited = {}

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        """The spec of a module that is changed; None for all others."""
        change = cls.awaited.pop(name, None)
        if change is None:
            return None
        if not cls.awaited and cls in sys.meta_path:
            sys.meta_path.remove(cls)
        spec = _find_spec(name, path, target)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            change_what_is_loaded(spec.loader, change)
        return spec


def change_what_is_loaded(loader, change):
    def exec_module(module):
        del loader.exec_module
        loader.exec_module(module)
        from concurrent.futures.thread import _works_in_place

        if _works_in_place():
            change(module)

    loader.exec_module = exec_module


def change_anyio(module):
    """Replace the function that asks a worker thread; one that calls back into the loop from there has none to call into."""
    from concurrent.futures.thread import _OutsideOfLoops
    from contextvars import copy_context

    backend = getattr(module, "AsyncIOBackend", None)
    if backend is None:
        return

    async def run_sync_in_worker_thread(cls, func, args, abandon_on_cancel=False, limiter=None):
        await cls.checkpoint()
        async with limiter or cls.current_default_thread_limiter():
            with _OutsideOfLoops():
                return copy_context().run(func, *args)

    backend.run_sync_in_worker_thread = classmethod(run_sync_in_worker_thread)


def change_asgirefs_executor(module):
    """Replace the function that leaves work to the thread that waits for a loop in another one: here they are the same."""
    from concurrent.futures import Future
    from concurrent.futures.thread import _OutsideOfLoops

    executor, work_item = getattr(module, "CurrentThreadExecutor", None), getattr(module, "_WorkItem", None)
    if executor is None or work_item is None:
        return

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        with _OutsideOfLoops():
            work_item(future, fn, *args, **kwargs).run()
        return future

    executor.submit = submit


def change_asgiref(module):
    """Have `async_to_sync` use a loop of its own always: the one that is outside of it stands still for as long.

    The end of a context waits for its workers, which is done at once where there are none.
    """
    to_sync = getattr(module, "AsyncToSync", None)
    if to_sync is not None:
        to_sync.force_new_loop = property(lambda self: True, lambda self, value: None)
    module.threading = ThreadsInPlace()


class ThreadsInPlace:
    """The module `threading`, but for its threads."""

    def __getattr__(self, name):
        return getattr(sys.modules["threading"], name)

    class Thread:
        """What a thread would do is done when it starts."""

        def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
            self.work = target, args, kwargs or {}

        def start(self):
            target, args, kwargs = self.work
            target(*args, **kwargs)


CHANGES = {
    "anyio._backends._asyncio": change_anyio,
    "asgiref.current_thread_executor": change_asgirefs_executor,
    "asgiref.sync": change_asgiref,
}

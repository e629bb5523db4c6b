"""The loop of asyncio in which all asynchronous exports of an instance run.

What is ready to run is held by the component task to which its context belongs (`guest/runtime/tasks`): only while the host runs that
task can its call return, and what was lent for the call be used.
"""

import asyncio
import heapq
import sys
import time
import weakref
from asyncio import events, format_helpers
from asyncio.selector_events import BaseSelectorEventLoop
from contextvars import copy_context

import _ampoule_tasks  # noqa: F401, by this the build finds that it is to be linked
import componentize_py_runtime as runtime

# The longest pause between two looks at the time, where the host has no timers.
LONGEST_PAUSE = 0.01


def clock_import():
    """The functions of the host's monotonic clock with timers, if the world imports it."""
    import _ampoule_world as world

    named = {(row[0] or "", row[1]): index for index, row in enumerate(world.IMPORTS)}
    for (interface, name), index in named.items():
        if (
            interface.startswith("wasi:clocks/monotonic-clock@0.3.")
            and name == "wait-for"
        ):
            return index, named.get((interface, "now"))
    return None, None


WAIT_FOR, NOW = clock_import()


class Loop(runtime.Schedule, BaseSelectorEventLoop):
    """The loop; it runs only while an asynchronous export does."""

    def __repr__(self):
        return f"<{type(self).__name__} of asynchronous exports>"

    # Whoever asks asks from inside.

    def is_running(self):
        return events._get_running_loop() is self

    def run_forever(self):
        raise RuntimeError(
            "this loop runs by itself, while an asynchronous export does"
        )

    def run_until_complete(self, future):
        raise RuntimeError(
            "this loop runs by itself, while an asynchronous export does: await what is to be completed"
        )

    def stop(self):
        raise RuntimeError(
            "this loop ends with the asynchronous exports that run in it"
        )

    def close(self):
        if self.is_running():
            raise RuntimeError("Cannot close a running event loop")

    def _write_to_self(self):
        pass

    def _check_closed(self):
        pass

    # Scheduling.

    def time(self):
        return time.monotonic() if NOW is None else runtime.call_import(NOW) / 1e9

    def call_at(self, when, callback, *args, context=None):
        if when is None:
            raise TypeError("when cannot be None")
        if context is None:
            context = copy_context()
        timer = events.TimerHandle(when, callback, args, self, context)
        task = runtime.current_task(context)
        if task is None:
            raise RuntimeError("call_at: no asynchronous export is running")
        timers = task.timers
        if timers is None:
            timers = task.timers = []
        # At each power of two: those that were cancelled go.
        if len(timers) > 64 and len(timers) & (len(timers) - 1) == 0:
            timers[:] = [timer for timer in timers if not timer._cancelled]
            heapq.heapify(timers)
        heapq.heappush(timers, timer)
        timer._scheduled = True
        return timer

    def _timer_handle_cancelled(self, handle):
        pass

    def _add_callback(self, handle):
        if not handle._cancelled:
            runtime.enqueue(handle, handle._context)

    def _create_by_factory(self, coro, *, name=None, context=None, **options):
        if context is None:
            task = self._task_factory(self, coro, **options)
        else:
            task = self._task_factory(self, coro, context=context, **options)
        if name is not None:
            task.set_name(name)
        return task

    def _report(self, handle, exception):
        callback = format_helpers._format_callback_source(
            handle._callback, handle._args
        )
        self.call_exception_handler(
            {
                "message": f"Exception in callback {callback}",
                "exception": exception,
                "handle": handle,
            }
        )

    def call_exception_handler(self, context):
        # A task that ended the program: that is told by how it ends. An eager one is gone before it can be asked.
        is_end = isinstance(context.get("exception"), (SystemExit, KeyboardInterrupt))
        if not is_end or not isinstance(context.get("future"), asyncio.Task):
            super().call_exception_handler(context)

    # Sockets of WASI 0.2, which the host cannot wait for beside all else.

    def _add_reader(self, fd, callback, *args):
        handle = super()._add_reader(fd, callback, *args)
        runtime.watch_sockets(True)
        return handle

    def _add_writer(self, fd, callback, *args):
        handle = super()._add_writer(fd, callback, *args)
        runtime.watch_sockets(True)
        return handle

    def _remove_reader(self, fd):
        was_there = super()._remove_reader(fd)
        runtime.watch_sockets(bool(self._selector.get_map()))
        return was_there

    def _remove_writer(self, fd):
        was_there = super()._remove_writer(fd)
        runtime.watch_sockets(bool(self._selector.get_map()))
        return was_there

    # What the component task asks for.

    def _as_coroutine(self, value):
        if hasattr(value, "__await__"):
            return wrapped(value)
        raise TypeError(
            f"an export that is `async func` in WIT must be an `async def`: this one gave {type(value).__name__}"
        )

    def _take_timers(self, task):
        timers = task.timers
        now = None
        while timers:
            timer = timers[0]
            if not timer._cancelled:
                if now is None:
                    now = self.time()
                if timer._when > now:
                    return timer._when
                runtime.enqueue(timer, timer._context)
            heapq.heappop(timers)._scheduled = False
        task.timers = None
        return None

    def _start_clock(self, task):
        if WAIT_FOR is None:
            return None
        pause = max(0, round((task.deadline - self.time()) * 1e9))
        clock = runtime.start_import(WAIT_FOR, pause)
        # It may be due at once.
        return True if clock is None else clock

    def _pause(self, deadline):
        now = self.time()
        pause = (
            min(LONGEST_PAUSE, max(0, deadline - now)) if deadline else LONGEST_PAUSE
        )
        if self._selector.get_map():
            self._process_events(self._selector.select(pause))
        elif pause:
            time.sleep(pause)
        return self.time()

    def _end_program(self, task):
        """End what a program has left; what it has spawned goes on to its end."""
        others = task.others or ()
        for other in others:
            found = other() if type(other) is weakref.ref else None
            if found is not None and found not in others:
                found.cancel()

    def _has_closed_generators(self, task):
        if not self._asyncgens:
            return True
        closing = self.create_task(self.shutdown_asyncgens())
        task.others.append(closing)
        return False

    def _step_aside(self, nothing):
        return (asyncio.tasks._swap_current_task(self, None),)

    def _step_back(self, previous):
        asyncio.tasks._swap_current_task(self, previous[0])


async def wrapped(awaitable):
    return await awaitable


# A WeakSet takes as long as the rest of a task.
runtime.keep_tasks(asyncio.tasks._scheduled_tasks.data)
asyncio.tasks._scheduled_tasks.add = runtime.remember_task

loop = Loop()
sys.set_asyncgen_hooks(loop._asyncgen_firstiter_hook, loop._asyncgen_finalizer_hook)
runtime.register_loop(loop, asyncio.Task, asyncio.Future, asyncio.Handle)

"""What asyncio has."""

import asyncio
import contextvars
import gc

from wit_world.imports import host

FOREVER = 60_000

# What tasks that were left behind have done.
done: asyncio.Queue[str] = asyncio.Queue()


async def sleep() -> bool:
    loop = asyncio.get_running_loop()
    start = loop.time()
    await asyncio.sleep(0.02)
    return loop.time() - start >= 0.02


async def timers():
    loop = asyncio.get_running_loop()
    order: list[str] = []
    now = loop.time()
    loop.call_later(0.04, order.append, "later")
    loop.call_at(now + 0.02, order.append, "at")
    loop.call_at(now - 1, order.append, "past")
    loop.call_soon(order.append, "soon")
    loop.call_soon_threadsafe(order.append, "from a thread")
    cancelled = loop.call_later(0.01, order.append, "never")
    cancelled.cancel()
    await asyncio.sleep(0.06)
    return order, cancelled.cancelled()


async def a_handle_that_cancels_itself():
    """It goes on with what it was called with."""
    got: list[tuple[int, ...]] = []

    def callback(*numbers: int) -> None:
        handle.cancel()
        got.append(numbers)

    handle = asyncio.get_running_loop().call_soon(callback, 1, 2)
    await asyncio.sleep(0)
    return got, handle.cancelled()


async def handles_that_are_cancelled_when_they_are_ready():
    loop = asyncio.get_running_loop()
    ran: list[str] = []
    loop.set_exception_handler(lambda loop, context: ran.append(context["message"]))
    try:
        handle = loop.call_soon(ran.append, "soon")
        handle.cancel()
        loop.call_soon(lambda: later.cancel())
        later = loop.call_soon(ran.append, "later")
        loop.call_later(0.005, lambda: timer.cancel())
        timer = loop.call_later(0.005, ran.append, "timer")
        while loop.time() < timer.when():
            pass
        await asyncio.sleep(0.01)
    finally:
        loop.set_exception_handler(None)
    return ran


async def equal_timers_keep_their_order():
    loop = asyncio.get_running_loop()
    order: list[int] = []
    for number in range(5):
        loop.call_later(0.01 + number * 0.005, order.append, number)
    await asyncio.sleep(0.05)
    return order


async def task_group():
    async with asyncio.TaskGroup() as group:
        numbers = [group.create_task(host.after(number % 3, number)) for number in range(10)]
    return [task.result() for task in numbers]


async def failing_task_group():
    async def fail() -> None:
        await asyncio.sleep(0.005)
        raise KeyError("missing")

    others = []
    try:
        async with asyncio.TaskGroup() as group:
            others.append(group.create_task(host.after(FOREVER, 1)))
            others.append(group.create_task(asyncio.sleep(FOREVER)))
            group.create_task(fail())
    except* KeyError as group:
        errors = [str(error) for error in group.exceptions]
    return errors, [task.cancelled() for task in others], host.under_way()


async def task_group_that_is_cancelled():
    async def work() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(host.after(FOREVER, 1))
            group.create_task(host.after(FOREVER, 2))

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    started = host.under_way()
    task.cancel("enough")
    try:
        await task
    except asyncio.CancelledError as error:
        return started, str(error), host.under_way()


async def time_is_up():
    loop = asyncio.get_running_loop()
    found = []
    for manager in (asyncio.timeout(0.01), asyncio.timeout_at(loop.time() + 0.01)):
        try:
            async with manager:
                await host.after(FOREVER, 1)
        except TimeoutError:
            found.append(manager.expired())
    try:
        await asyncio.wait_for(host.after(FOREVER, 1), 0.01)
    except TimeoutError:
        found.append("waited")
    return found, host.under_way()


async def time_that_is_moved():
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(0.01) as limit:
        limit.reschedule(loop.time() + 60)
        answer = await host.after(30, 7)
        limit.reschedule(None)
    return answer, limit.expired()


async def shield():
    inner = asyncio.ensure_future(host.after(30, 9))
    outer = asyncio.ensure_future(asyncio.shield(inner))
    await asyncio.sleep(0.001)
    outer.cancel()
    try:
        await outer
    except asyncio.CancelledError:
        return await inner, outer.cancelled()


async def wait():
    slow, fast = asyncio.ensure_future(host.after(FOREVER, 1)), asyncio.ensure_future(host.after(1, 2))
    done, pending = await asyncio.wait({slow, fast}, return_when=asyncio.FIRST_COMPLETED)
    slow.cancel()
    nothing, still = await asyncio.wait({slow}, timeout=0)
    await asyncio.wait({slow})
    return [task.result() for task in done], pending == {slow}, len(nothing), len(still), slow.cancelled()


async def gather():
    async def fail() -> None:
        raise ValueError("of one")

    answers = await asyncio.gather(host.after(5, 1), fail(), host.after(1, 3), return_exceptions=True)
    return [repr(answer) for answer in answers]


async def exception_handler():
    loop = asyncio.get_running_loop()
    found: list[str] = []
    loop.set_exception_handler(lambda loop, context: found.append(repr(context["exception"])))
    try:
        loop.call_soon(lambda: 1 / 0)
        loop.call_later(0.001, lambda: [][1])
        await asyncio.sleep(0.02)
        loop.call_exception_handler({"message": "mine", "exception": OSError("so")})
        return found, loop.get_exception_handler() is not None
    finally:
        loop.set_exception_handler(None)


async def task_factory():
    loop = asyncio.get_running_loop()
    made: list[str] = []

    def factory(loop, coroutine, **options):
        made.append(coroutine.__name__)
        return asyncio.Task(coroutine, loop=loop, **options)

    async def child() -> int:
        return 1

    loop.set_task_factory(factory)
    try:
        first = asyncio.create_task(child(), name="first")
        second = asyncio.create_task(child(), context=contextvars.copy_context())
        return await first + await second, made, first.get_name(), loop.get_task_factory() is factory
    finally:
        loop.set_task_factory(None)


async def eager_tasks():
    loop = asyncio.get_running_loop()
    order: list[str] = []

    async def child() -> None:
        order.append("child")
        await asyncio.sleep(0)
        order.append("child goes on")

    loop.set_task_factory(asyncio.eager_task_factory)
    try:
        task = asyncio.create_task(child())
        order.append("parent")
        await task
    finally:
        loop.set_task_factory(None)
    return order


async def executor():
    loop = asyncio.get_running_loop()
    found = [await asyncio.to_thread(sum, [1, 2])]
    try:
        found.append(await loop.run_in_executor(None, sum, [3, 4]))
    except RuntimeError as error:
        found.append(f"RuntimeError: {error}")
    return found


async def tasks_are_known():
    task = asyncio.create_task(asyncio.sleep(0), name="child")
    names = sorted(task.get_name() for task in asyncio.all_tasks() if task.get_name() == "child")
    current = asyncio.current_task()
    await task
    return names, current in asyncio.all_tasks(), asyncio.all_tasks() >= {current}, task in asyncio.all_tasks()


async def running_loops():
    found = []
    loop = asyncio.get_running_loop()
    for start in (asyncio.run, loop.run_until_complete):
        waiting = asyncio.sleep(0)
        try:
            start(waiting)
        except RuntimeError as error:
            found.append(type(error).__name__)
        finally:
            waiting.close()
    return found, loop is asyncio.get_event_loop(), loop.is_running()


async def synchronisation():
    semaphore, condition, barrier = asyncio.Semaphore(2), asyncio.Condition(), asyncio.Barrier(3)
    most = now = 0
    ready = False

    async def limited() -> None:
        nonlocal most, now
        async with semaphore:
            now += 1
            most = max(most, now)
            await host.after(1, 0)
            now -= 1

    async def meet() -> int:
        return await barrier.wait()

    async def notified() -> bool:
        async with condition:
            return await condition.wait_for(lambda: ready)

    await asyncio.gather(*(limited() for _ in range(10)))
    waiting = asyncio.create_task(notified())
    await asyncio.sleep(0)
    async with condition:
        ready = True
        condition.notify_all()
    return most, sorted(await asyncio.gather(meet(), meet(), meet())), await waiting


async def generators():
    closed = []

    async def numbers():
        try:
            for number in range(100):
                yield await host.after(0, number)
        finally:
            await asyncio.sleep(0)
            closed.append("closed")

    generator = numbers()
    async for number in generator:
        if number == 3:
            break
    await generator.aclose()
    return number, closed, [number async for number in numbers() if number < 3]


async def generators_that_are_left():
    closed = []

    async def numbers():
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(0)
            closed.append("closed")

    async for _ in numbers():
        break
    gc.collect()
    await asyncio.sleep(0.001)
    return closed


async def timers_that_are_cancelled():
    """They do not stay until they would have been due."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(60):
        for _ in range(1000):
            loop.call_later(120, print).cancel()
            await asyncio.sleep(0)
    gc.collect()
    return sum(type(thing) is asyncio.TimerHandle for thing in gc.get_objects()) < 500


async def context_variables():
    variable = contextvars.ContextVar("variable", default="default")

    async def child() -> str:
        before = variable.get()
        variable.set("of the child")
        await host.after(1, 1)
        return f"{before}, {variable.get()}"

    variable.set("of the parent")
    children = await asyncio.gather(child(), child())
    context = contextvars.Context()
    empty = await asyncio.create_task(child(), context=context)
    found = []
    asyncio.get_running_loop().call_soon(lambda: found.append(variable.get()), context=context)
    await asyncio.sleep(0)
    return children, empty, found, variable.get()


async def cancelled_before_it_starts():
    ran = []

    async def child() -> None:
        ran.append(1)

    task = asyncio.create_task(child())
    task.cancel()
    await asyncio.wait([task])
    return ran, task.cancelled()


async def uncancelled():
    async def stubborn() -> str:
        try:
            await host.after(FOREVER, 1)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            return f"goes on {task.cancelling()} {task.uncancel()} {await host.after(1, 2)}"

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    task.cancel()
    return await task, host.under_way()


async def leave_tasks():
    """Returns while they run."""

    async def work() -> None:
        await done.put(f"worked {await host.after(20, 5)}")

    async def fail() -> None:
        await asyncio.sleep(0.01)
        await done.put("fails")
        raise ValueError("nobody awaits this")

    tasks = [asyncio.create_task(work()), asyncio.create_task(fail())]
    return len(tasks), done.empty()


async def tasks_that_were_left():
    return sorted([await done.get(), await done.get()])

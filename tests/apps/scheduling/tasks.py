"""What anyio has."""

import anyio
from anyio import to_thread
from wit_world.imports import host

FOREVER = 60_000


async def group():
    found: list[int] = []

    async def work(number: int) -> None:
        found.append(await host.after(number, number))

    async with anyio.create_task_group() as group:
        for number in (30, 1, 15):
            group.start_soon(work, number)
    return found


async def failing_group():
    async def fail() -> None:
        await anyio.sleep(0.005)
        raise ValueError("of one")

    try:
        async with anyio.create_task_group() as group:
            group.start_soon(host.after, FOREVER, 1)
            group.start_soon(fail)
    except* ValueError as errors:
        found = [str(error) for error in errors.exceptions]
    return found, host.under_way()


async def started():
    async def service(*, task_status) -> None:
        await anyio.sleep(0.001)
        task_status.started("ready")
        await anyio.sleep_forever()

    async with anyio.create_task_group() as group:
        said = await group.start(service)
        group.cancel_scope.cancel()
    return said, group.cancel_scope.cancelled_caught


async def move_on_after():
    with anyio.move_on_after(0.01) as scope:
        await host.after(FOREVER, 1)
    with anyio.move_on_after(60) as other:
        answer = await host.after(1, 2)
    return scope.cancelled_caught, host.under_way(), other.cancelled_caught, answer


async def fail_after():
    try:
        with anyio.fail_after(0.01):
            await anyio.sleep(FOREVER)
    except TimeoutError:
        return "TimeoutError"


async def shield():
    found = []
    with anyio.move_on_after(0.005):
        try:
            await anyio.sleep(FOREVER)
        finally:
            with anyio.CancelScope(shield=True):
                found.append(await host.after(5, 3))
    return found


async def streams():
    send, receive = anyio.create_memory_object_stream[int](2)

    async def produce() -> None:
        async with send:
            for number in range(10):
                await send.send(number)

    async with anyio.create_task_group() as group:
        group.start_soon(produce)
        async with receive:
            return [number async for number in receive]


async def locks():
    event, limiter = anyio.Event(), anyio.CapacityLimiter(1)
    order: list[int] = []

    async def work(number: int) -> None:
        await event.wait()
        async with limiter:
            order.append(number)
            await anyio.lowlevel.checkpoint()

    async with anyio.create_task_group() as group:
        for number in range(3):
            group.start_soon(work, number)
        await anyio.sleep(0)
        event.set()
    return sorted(order), anyio.current_time() > 0, anyio.get_current_task().id != 0


async def thread():
    try:
        return await to_thread.run_sync(lambda: 5)
    except RuntimeError as error:
        return f"RuntimeError: {error}"

"""Clocks, files and sockets of WASI 0.3, as a world imports them."""

import asyncio
import time

import wit_world
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import environment, monotonic_clock, preopens, system_clock
from wit_world.imports.wasi_filesystem_types import (
    DescriptorFlags,
    ErrorCode_NoEntry,
    OpenFlags,
    PathFlags,
)
from wit_world.imports.wasi_sockets_types import (
    IpAddressFamily,
    IpSocketAddress_Ipv4,
    Ipv4SocketAddress,
    TcpSocket,
    UdpSocket,
)

MILLISECOND = 1_000_000
NOWHERE = Ipv4SocketAddress(0, (127, 0, 0, 1))


async def clocks():
    start = monotonic_clock.now()
    await asyncio.gather(
        monotonic_clock.wait_for(20 * MILLISECOND),
        monotonic_clock.wait_until(start + 10 * MILLISECOND),
        asyncio.sleep(0.015),
    )
    print("waited", monotonic_clock.now() - start >= 20 * MILLISECOND)
    try:
        async with asyncio.timeout(0.01):
            await monotonic_clock.wait_for(60_000 * MILLISECOND)
    except TimeoutError:
        print("the time is up")
    print("the same time", abs(system_clock.now().seconds - time.time()) < 5)


async def files():
    [(folder, name)] = preopens.get_directories()
    print(name)
    await folder.create_directory_at("a")
    flags = DescriptorFlags.READ | DescriptorFlags.WRITE
    with await folder.open_at(PathFlags(0), "a/text", OpenFlags.CREATE, flags) as file:
        writer, reader = wit_world.byte_stream()
        written = file.write_via_stream(reader, 0)
        with writer:
            print(await writer.write_all("Grüße\n".encode() * 50_000))
        print(await written)
        print((await file.stat()).size)
        content, read = file.read_via_stream(7)
        with content:
            print(sum([len(chunk) async for chunk in content]))
        print(await read)
    with await folder.open_at(PathFlags(0), "a", OpenFlags.DIRECTORY, DescriptorFlags.READ) as inner:
        entries, listed = inner.read_directory()
        print([entry.name async for entry in entries], await listed)
    try:
        await folder.open_at(PathFlags(0), "b", OpenFlags(0), DescriptorFlags.READ)
    except Err as error:
        print(type(error.value) is ErrorCode_NoEntry)


async def sockets():
    """A server and its client."""
    listener = TcpSocket.create(IpAddressFamily.IPV4)
    listener.bind(IpSocketAddress_Ipv4(NOWHERE))
    accepted = listener.listen()
    address = listener.get_local_address()

    async def serve():
        async with accepted:
            [socket] = await accepted.read(1)
        received, _ = socket.receive()
        sent = socket.send(received)
        print("served", await sent)

    async def request():
        socket = TcpSocket.create(IpAddressFamily.IPV4)
        await socket.connect(address)
        writer, reader = wit_world.byte_stream()
        sent = socket.send(reader)
        received, end = socket.receive()

        async def write():
            with writer:
                await writer.write_all(b"ping " * 100_000)

        _, content = await asyncio.gather(write(), read_all(received))
        print(len(content), content[-5:], await sent, await end)

    await asyncio.gather(serve(), request())
    await datagrams()


async def read_all(reader):
    async with reader:
        return b"".join([chunk async for chunk in reader])


async def datagrams():
    one, other = (UdpSocket.create(IpAddressFamily.IPV4) for _ in range(2))
    for socket in (one, other):
        socket.bind(IpSocketAddress_Ipv4(NOWHERE))
    receiving = asyncio.create_task(other.receive())
    await one.send(b"datagram", other.get_local_address())
    content, address = await receiving
    print(content, address == one.get_local_address())


class Run(exports.Run):
    async def run(self) -> None:
        for name in environment.get_arguments()[1:]:
            await globals()[name]()

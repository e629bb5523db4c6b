"""A command whose first argument names what it does; the others are for that."""

import asyncio
import errno
import os
import socket
import sys
import time

from wit_world import exports

try:
    # The build has no network, but an exception for it.
    DATABASE = socket.gethostbyname("db.internal")
except OSError as error:
    DATABASE = f"{type(error).__name__} {error}"


class Run(exports.Run):
    def run(self) -> None:
        name, *arguments = sys.argv[1:]
        COMMANDS[name](*arguments)


def arguments(*given):
    print(repr(given))
    print(os.path.basename(sys.argv[0]))


def environment(*names):
    for name in names:
        print(name, repr(os.environ.get(name)))
    os.environ["CHANGED"] = "yes"
    print(os.getenv("CHANGED"))


def read_lines():
    for number, line in enumerate(sys.stdin):
        print(number, line.rstrip("\n"))


def count_bytes():
    total = 0
    while chunk := sys.stdin.buffer.read(1 << 16):
        total += len(chunk)
    print(total)


def leave(code):
    sys.exit(int(code))


def leave_with(message):
    sys.exit(message)


def fail():
    raise RuntimeError("it failed")


def files(folder):
    os.makedirs(f"{folder}/a/b")
    with open(f"{folder}/a/text", "w") as file:
        file.write("one\nzwei 🐍\n")
    with open(f"{folder}/a/text", "a") as file:
        file.write("three\n")
    with open(f"{folder}/a/text") as file:
        print(file.readlines())
    with open(f"{folder}/a/bytes", "w+b") as file:
        file.write(bytes(range(256)) * 4096)
        file.seek(255)
        print(file.read(2), file.tell(), os.fstat(file.fileno()).st_size)
        file.truncate(10)
    print(os.stat(f"{folder}/a/bytes").st_size)
    os.rename(f"{folder}/a/bytes", f"{folder}/a/b/moved")
    os.symlink("text", f"{folder}/a/link")
    print(os.readlink(f"{folder}/a/link"), os.path.islink(f"{folder}/a/link"), open(f"{folder}/a/link").readline())
    print(sorted(os.listdir(f"{folder}/a")), sorted(entry.name for entry in os.scandir(folder) if entry.is_file()))
    print([(os.path.relpath(root, folder), sorted(names)) for root, _, names in sorted(os.walk(folder))])
    os.remove(f"{folder}/a/b/moved")
    os.rmdir(f"{folder}/a/b")
    print(sorted(os.listdir(f"{folder}/a")))


def refused(path):
    for action in (os.listdir, open, os.mkdir, os.stat):
        try:
            action(path)
            print(action.__name__, "worked")
        except OSError as error:
            print(action.__name__, type(error).__name__)


def client(host, port):
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"ping " * 100_000)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    print(len(answer), answer[:5])


def server():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        for _ in range(2):
            connection, (host, _port) = listener.accept()
            with connection, connection.makefile("rwb") as file:
                line = file.readline()
                file.write(line.upper())
                file.flush()
            print(host, line)


def upload(port):
    """Writes more pieces than the socket takes at once."""

    async def send():
        _reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
        for number in range(40):
            writer.writelines([bytes([number]) * 50_000, b"end"])
        writer.write_eof()
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    asyncio.run(send())


def connecting(port):
    """Asks for a connection until there is one, or none."""
    with socket.socket() as connection:
        connection.setblocking(False)
        found = [connection.connect_ex(("127.0.0.1", int(port)))]
        while (now := connection.connect_ex(("127.0.0.1", int(port)))) == errno.EALREADY:
            time.sleep(0.01)
        found += [now, connection.connect_ex(("127.0.0.1", int(port)))]
    print(*(errno.errorcode.get(number, "connected") for number in found))


def left_alone(port):
    """A socket that is connecting has no address yet, nor has what Python says of it where nobody closes it."""
    connection = socket.socket()
    connection.setblocking(False)
    connection.connect_ex(("127.0.0.1", int(port)))
    try:
        print(connection.getsockname()[0])
    except OSError as error:
        print(errno.errorcode[error.errno])
    del connection
    print("left")


def datagrams(port, host="127.0.0.1"):
    family = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0][0]
    with socket.socket(family, socket.SOCK_DGRAM) as sender:
        sender.settimeout(20)
        sender.sendto("Grüße".encode(), (host, int(port)))
        data, address = sender.recvfrom(1000)
    print(data.decode(), address[1] == int(port))


def at_import():
    print(DATABASE)


def ipv6():
    packed = socket.inet_pton(socket.AF_INET6, "::1")
    link_local = socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, "FE80:0::1"))
    print(socket.has_ipv6, packed.hex(), link_local)
    print([address for *_, address in socket.getaddrinfo("fe80::1%3", 80, type=socket.SOCK_STREAM)])

    async def serve():
        # On both families, one socket for each.
        server = await asyncio.start_server(print, None, 0, family=socket.AF_UNSPEC)
        sockets = [one for one in server.sockets if one.family == socket.AF_INET6]
        only = sockets[0].getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)
        families = {one.family for one in server.sockets}
        server.close()
        return families == {socket.AF_INET, socket.AF_INET6}, only

    print(socket.getnameinfo(("::1", 80), socket.NI_NUMERICSERV), *asyncio.run(serve()))


def addresses():
    stream, datagram = socket.SOCK_STREAM, socket.SOCK_DGRAM
    print(socket.getaddrinfo("127.0.0.1", 5))
    print(socket.getaddrinfo("192.0.2.1", "https", type=stream, flags=socket.AI_CANONNAME))
    print(socket.getaddrinfo(None, "domain", socket.AF_INET, datagram, flags=socket.AI_PASSIVE))
    print(socket.gethostbyname("127.1"), socket.gethostbyname_ex("192.0.2.7"))
    print(socket.getnameinfo(("127.0.0.1", 80), 0), socket.getnameinfo(("127.0.0.1", 9), socket.NI_DGRAM))
    print(socket.getservbyname("https"), socket.getservbyport(53, "udp"), socket.getprotobyname("udp"))
    for refused in (
        lambda: socket.getaddrinfo("127.0.0.1", "no-such-service"),
        lambda: socket.getaddrinfo("localhost", 80, flags=socket.AI_NUMERICHOST),
        lambda: socket.gethostbyaddr("127.0.0.1"),
    ):
        try:
            refused()
        except OSError as error:
            print(type(error).__name__, error)


def names():
    found = socket.getaddrinfo("localhost", 80, type=socket.SOCK_STREAM)
    print(sorted({address[0] for *_, address in found} & {"127.0.0.1", "::1"})[:1])
    print(socket.getaddrinfo("127.0.0.1", 5, socket.AF_INET, socket.SOCK_STREAM)[0][4])


def no_network(port):
    def connect():
        socket.create_connection(("127.0.0.1", int(port)), timeout=5)

    def listen():
        socket.create_server(("127.0.0.1", 0))

    def send():
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", int(port)))

    def look_up():
        socket.getaddrinfo("localhost", 80)

    for action in (connect, listen, send, look_up):
        try:
            action()
            print(action.__name__, "worked")
        except OSError as error:
            print(action.__name__, type(error).__name__, error)


COMMANDS = {name: value for name, value in globals().items() if type(value) is type(fail)}

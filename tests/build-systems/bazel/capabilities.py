"""Stands between Bazel and a server of the Remote Execution API that says it speaks the versions 2.1 to 2.12, and says 2.0 instead.

Debian's Bazel speaks 2.0 only, and what it then asks for is in all of these versions.
usage: capabilities.py PORT SERVER_PORT
"""

import socket
import sys
import threading

# The lowest version in the server's answer (ServerCapabilities, field 4: SemVer 2.1), and what takes its place: as long, so that
# nothing else of the connection changes.
SAYS = bytes([0x22, 4, 0x08, 2, 0x10, 1])
SHOULD_SAY = bytes([0x22, 4, 0x08, 2, 0x10, 0])


def pump(source, target, rewrite):
    """Copies what one side sends to the other, until it ends."""
    try:
        while data := source.recv(1 << 16):
            if rewrite and SAYS in data:
                data = data.replace(SAYS, SHOULD_SAY, 1)
                rewrite = False
            target.sendall(data)
    except OSError:
        pass
    finally:
        for end in source, target:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def main(port, server_port):
    listener = socket.create_server(("127.0.0.1", port))
    while True:
        client, _ = listener.accept()
        server = socket.create_connection(("127.0.0.1", server_port))
        for arguments in (client, server, False), (server, client, True):
            threading.Thread(target=pump, args=arguments, daemon=True).start()


main(int(sys.argv[1]), int(sys.argv[2]))

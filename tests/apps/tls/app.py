"""TLS in a component. The test puts certificate.pem and key.pem beside this file."""

import os
import socket
import ssl
import urllib.error
import urllib.request

FOLDER = os.path.dirname(__file__)
CERTIFICATE = f"{FOLDER}/certificate.pem"

# Made when the component is built, and so part of the snapshot.
CLIENT = ssl.create_default_context(cafile=CERTIFICATE)
SERVER = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
SERVER.load_cert_chain(CERTIFICATE, f"{FOLDER}/key.pem")


class WitWorld:
    def check(self, call: str) -> str:
        name, *words = call.split()
        try:
            return str(globals()[name](*words))
        except Exception as error:
            return f"{type(error).__name__}: {error}"


def in_memory():
    """A client and a server shake hands and talk, with no socket between them."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = CLIENT.wrap_bio(to_client, to_server, server_hostname="localhost")
    server = SERVER.wrap_bio(to_server, to_client, server_side=True)
    waiting = [client, server]
    for _ in range(10):
        waiting = [side for side in waiting if not has_shaken(side)]
    client.write(b"question")
    asked = server.read()
    server.write(asked.upper())
    answer = client.read()
    return client.version(), client.cipher()[0], answer, client.getpeercert()["subject"], waiting


def has_shaken(side):
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


def in_memory_of_another_name():
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = CLIENT.wrap_bio(to_client, to_server, server_hostname="example.org")
    server = SERVER.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(10):
        has_shaken(client), has_shaken(server)


def fetch(port):
    with urllib.request.urlopen(f"https://localhost:{port}/page.txt", context=CLIENT) as answer:
        return answer.status, answer.read()


def fetch_untrusted(port):
    try:
        urllib.request.urlopen(f"https://localhost:{port}/page.txt")
    except urllib.error.URLError as error:
        return type(error.reason).__name__, error.reason.verify_message


def older(port):
    context = ssl.create_default_context(cafile=CERTIFICATE)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with socket.create_connection(("localhost", int(port)), timeout=20) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as connection:
            return connection.version()


def serve():
    """Prints its port, answers one line."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        plain, _ = listener.accept()
        with SERVER.wrap_socket(plain, server_side=True) as connection:
            line = connection.recv(1000)
            connection.sendall(line.upper())
            return connection.version(), line


def random_bytes():
    return ssl.RAND_bytes(300).hex()


def version():
    return ssl.OPENSSL_VERSION, ssl.HAS_TLSv1_3


def after_the_handshake():
    return CLIENT.post_handshake_auth

import socket

CONNECTION = socket.create_connection(("db.internal", 5432))


class WitWorld:
    def greet(self, name: str) -> str:
        return name

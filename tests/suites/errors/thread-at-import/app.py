import threading
threading.Thread(target=print).start()


class WitWorld:
    def greet(self, name: str) -> str:
        return name

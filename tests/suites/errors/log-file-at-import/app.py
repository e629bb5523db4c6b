import logging
logging.basicConfig(filename="app.log")


class WitWorld:
    def greet(self, name: str) -> str:
        return name

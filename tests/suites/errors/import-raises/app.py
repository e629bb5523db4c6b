import json

SETTINGS = json.loads("{]")


class WitWorld:
    def greet(self, name: str) -> str:
        return name

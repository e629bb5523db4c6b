import json
json.loads("1")


class WitWorld:
    def greet(self, name: str) -> str:
        return name

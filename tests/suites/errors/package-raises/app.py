class WitWorld:
    def greet(self, name: str) -> str:
        return name

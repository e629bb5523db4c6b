class WitWorld:
    def greet(name: str) -> str:
        return name

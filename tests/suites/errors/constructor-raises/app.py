class WitWorld:
    def __init__(self) -> None:
        raise ValueError("no settings")

    def greet(self, name: str) -> str:
        return name

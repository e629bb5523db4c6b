from wit_world import WitWorld as Protocol


class WitWorld(Protocol):
    """The world's exports: one class for all of them, named after the bindings' module."""

    def greet(self, name: str) -> str:
        return f"Hello, {name}!"

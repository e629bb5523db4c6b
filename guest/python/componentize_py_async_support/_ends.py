"""The ends of streams and futures, which only the functions of a world that has them give out."""

from typing import NoReturn


class End:
    def __init__(self, *arguments: object, **named: object) -> NoReturn:
        raise TypeError(f"{type(self).__name__}: this component's world has no streams and no futures")

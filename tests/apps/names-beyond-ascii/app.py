"""Names that are not ASCII, and characters given by their names, need the module unicodedata already to be compiled."""

import größen
from wit_world import WitWorld as Protocol


class WitWorld(Protocol):
    def describe(self) -> str:
        return f"{größen.länge} \N{SNAKE} {größen.Ω.name}"

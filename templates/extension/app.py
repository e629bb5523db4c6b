"""The world `distance`."""

import wit_world
from _distance import levenshtein


class WitWorld(wit_world.WitWorld):
    def between(self, one: str, other: str) -> int:
        return levenshtein(one, other)

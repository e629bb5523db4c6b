from wit_world import WitWorld as Protocol

größe = "\N{SNAKE}"
länge = = größe


class WitWorld(Protocol):
    pass

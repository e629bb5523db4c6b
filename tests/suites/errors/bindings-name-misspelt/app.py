from wit_world.imports.stock import Itm


class WitWorld:
    def greet(self, name: str) -> str:
        return Itm(name).name

from wit_world.imports import stok


class WitWorld:
    def greet(self, name: str) -> str:
        return stok.find(name).name

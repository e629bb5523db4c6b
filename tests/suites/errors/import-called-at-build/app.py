import wit_world


def announce() -> None:
    wit_world.log("starting")


announce()


class WitWorld:
    def greet(self, name: str) -> str:
        return name

import catching
import jumping
import throwing

KINDS = ["vector", "map", "length", "number", "function", "pointer", "custom", "other"]


def check(name: str) -> str:
    what, _, kind = name.partition(" ")
    if what == "caught":
        return throwing.caught(kind)
    if what == "across":
        return catching.caught(throwing.throw, kind)
    if what == "uncaught":
        return throwing.uncaught(kind)
    return str(jumping.jumped(int(kind)))


AT_BUILD = {f"built {what} {kind}": check(f"{what} {kind}") for what in ["caught", "across"] for kind in KINDS}
AT_BUILD["built jumped 7"] = check("jumped 7")


class WitWorld:
    def check(self, name: str) -> str:
        return AT_BUILD[name] if name.startswith("built") else check(name)

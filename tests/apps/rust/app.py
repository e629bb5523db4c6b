"""An extension module in Rust: what its crate does while the app is built, and at run time."""

from probes import probe

# Both are in the snapshot.
TABLE = probe.Table()
TABLE.get("built", len)
COUNTED = probe.count("a b a")


def counting():
    return sorted(COUNTED.items()), sorted(probe.count("ž y ž").items())


def classes():
    table = probe.Table()
    numbers = iter(range(9))
    found = [table.get("a", lambda key: next(numbers)), table.get("a", None), len(table), TABLE["built"]]
    for wrong in (lambda: table["b"], lambda: table.get("c", lambda key: 1 / 0), lambda: table.get(1, None)):
        try:
            wrong()
        except Exception as error:
            found.append(type(error).__name__)
    return found


def surroundings():
    import time

    seconds, goes_on, colour = probe.surroundings()
    return abs(seconds - time.time()) < 60, goes_on, colour


def lacking():
    return probe.lacking()


def told():
    return probe.features, probe.place


def message():
    probe.panics("message")


def index():
    probe.panics("index")


def exception():
    try:
        probe.panics("no_such_module")
    except ModuleNotFoundError as error:
        return error.name


class WitWorld:
    def check(self, name: str) -> str:
        return str(globals()[name]())

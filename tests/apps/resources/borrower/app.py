from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import things


class Lending(exports.Lending):
    def __init__(self):
        self.lent = None
        self.kept = []

    def lend(self, thing):
        self.lent = thing
        # An own handle is not to be had from a lent one.
        assert "only lent, for this call" in refusal(lambda: things.pass_(thing))
        return thing.text()

    def again(self):
        uses = [
            self.lent.text,
            lambda: self.lent.same(self.lent),
            lambda: things.pass_(self.lent),
            lambda: things.texts([self.lent], (things.Other("x"), None)),
            lambda: self.lent.__enter__().text(),
        ]
        said = [refusal(use) for use in uses]
        self.lent.__exit__(None, None, None)
        return said

    def keep(self, thing):
        self.kept.append(thing)

    def give(self):
        return self.kept.pop() if self.kept else None

    def join(self, pair):
        if pair.b is None:
            raise Err(pair)
        return things.Thing(f"{pair.a.text()} and {pair.b.text()}")

    def bytes(self, thing):
        result = Bytes(thing.text(), "utf-8")
        result.owned = thing
        return result

    def view(self, thing):
        return memoryview(self.bytes(thing))

    def text(self, thing):
        result = Text(thing.text())
        result.owned = thing
        return result


class Bytes(bytearray):
    def __del__(self):
        self.owned.text()


class Text(str):
    pass


def refusal(use):
    try:
        return f"it gave {use()!r}"
    except ValueError as error:
        return str(error)

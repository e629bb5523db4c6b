import queue

from componentize_py_types import Err
from things import None_
from wit_world import exports


class Things(exports.Things):
    def pass_(self, thing):
        return thing

    def twice(self, thing):
        return thing, thing

    def pairs(self, pairs):
        return pairs

    def shapes(self, shapes):
        return tuple(shapes)

    def nested(self, nested):
        return nested

    def choose(self, things, index):
        if index >= len(things):
            raise Err(things[-1])
        return things[index]

    def texts(self, things, more):
        other, thing = more
        return [each.text() for each in [*things, other, thing] if each is not None]

    def nones(self, count):
        return [None_() for _ in range(count)]


class Queue:
    """Not the one of the standard library, which this app uses."""

    def __init__(self):
        self.things = queue.SimpleQueue()
        self.texts = []

    def put(self, thing):
        self.things.put(thing)
        self.texts.append(thing.text())

    def get(self):
        return self.things.get() if self.texts and self.texts.pop(0) else None

    def look(self):
        return self.texts

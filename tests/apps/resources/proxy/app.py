"""Exports what it imports: each of its own resources stands for one of the maker's."""

from componentize_py_types import Err, Ok, Some
from wit_world import exports
from wit_world.exports import things as exported
from wit_world.imports import queue, things


class Wrapper:
    @classmethod
    def around(cls, inner):
        if inner is None:
            return None
        wrapper = cls.__new__(cls)
        wrapper.inner = inner
        return wrapper

    def text(self):
        return self.inner.text()


class Thing(Wrapper):
    def __init__(self, text):
        self.inner = things.Thing(text)

    def change(self, text):
        self.inner.change(text)

    def same(self, other):
        return self.inner.same(other.inner)

    @classmethod
    def living(cls):
        return things.Thing.living()

    @classmethod
    def static(cls, self, cls_):
        return cls.around(things.Thing.static(self, cls_))

    def list(self, self_value, cls):
        return map_list(Thing, self.inner.list(self_value, cls))

    def self(self):
        return self

    def drop(self):
        return self.inner.drop()


class Other(Wrapper):
    def __init__(self, text):
        self.inner = things.Other(text)

    @staticmethod
    def living():
        return things.Other.living()


class None_(Wrapper):
    pass


class Queue:
    def __init__(self):
        self.inner = queue.Queue()

    def put(self, thing):
        self.inner.put(thing.inner)

    def get(self):
        return Thing.around(self.inner.get())

    def look(self):
        return self.inner.look()


def map_list(kind, inner):
    return [kind.around(each) for each in inner]


class Things(exports.Things):
    def pass_(self, thing):
        return Thing.around(things.pass_(thing.inner))

    def twice(self, thing):
        return tuple(map_list(Thing, things.twice(thing.inner)))

    def pairs(self, pairs):
        given = [things.Pair(pair.a.inner, pair.b and pair.b.inner) for pair in pairs]
        return [exported.Pair(Thing.around(pair.a), Other.around(pair.b)) for pair in things.pairs(given)]

    def shapes(self, shapes):
        return [wrapped(shape) for shape in things.shapes([unwrapped(shape) for shape in shapes])]

    def nested(self, nested):
        match things.nested(nested and Some(nested.value and with_payload(nested.value, nested.value.value.inner))):
            case Some(Ok(thing)):
                return Some(Ok(Thing.around(thing)))
            case Some(Err(other)):
                return Some(Err(Other.around(other)))
            case nothing:
                return nothing

    def choose(self, given, index):
        try:
            return Thing.around(things.choose([thing.inner for thing in given], index))
        except Err as error:
            raise Err(Thing.around(error.value))

    def texts(self, given, more):
        other, thing = more
        return things.texts([thing.inner for thing in given], (other.inner, thing and thing.inner))

    def nones(self, count):
        return map_list(None_, things.nones(count))


def with_payload(result, payload):
    return Ok(payload) if isinstance(result, Ok) else Err(payload)


def unwrapped(shape):
    match shape:
        case exported.Shape_One(thing):
            return things.Shape_One(thing.inner)
        case exported.Shape_Two((thing, other)):
            return things.Shape_Two((thing.inner, other.inner))
        case exported.Shape_None_(none):
            return things.Shape_None_(none.inner)
    return things.Shape_Nothing()


def wrapped(shape):
    match shape:
        case things.Shape_One(thing):
            return exported.Shape_One(Thing.around(thing))
        case things.Shape_Two((thing, other)):
            return exported.Shape_Two((Thing.around(thing), Other.around(other)))
        case things.Shape_None_(none):
            return exported.Shape_None_(None_.around(none))
    return exported.Shape_Nothing()

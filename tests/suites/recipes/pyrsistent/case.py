import pickle

import pvectorc
import pyrsistent
from pyrsistent import PClass, PRecord, field, freeze, inc, m, ny, pmap, pvector, s, thaw, v


class Item(PRecord):
    name = field(type=str, mandatory=True)
    count = field(type=int, initial=0, invariant=lambda count: (count >= 0, "negative"))


class Point(PClass):
    x = field(type=int)


def check():
    assert pyrsistent.pvector is pvectorc.pvector and type(v(1)) is type(pvectorc.pvector())
    many = pvector(range(3_000))
    assert len(many) == 3_000 and many[2_047] == 2_047 and many[-1] == 2_999 and many[10:13] == v(10, 11, 12)
    changed = many.set(1_500, "x").append(None)
    assert changed[1_500] == "x" and many[1_500] == 1_500 and len(changed) == 3_001 and changed != many
    builder = many.evolver()
    builder[0], builder[5] = "a", "b"
    builder.append("c").extend((1, 2))
    assert list(builder.persistent()[:6]) == ["a", 1, 2, 3, 4, "b"] and many[0] == 0
    assert builder.persistent()[-3:] == v("c", 1, 2)
    assert v(1, 2) + v(3) == v(1, 2, 3) == v(1, 2, 3).extend([]) and v(1, 2) * 2 == v(1, 2, 1, 2) and v(1, 2) < v(1, 3)
    assert v(1, 2, 3).delete(1) == v(1, 3) and v("a").remove("a") == v()
    assert v(1, 1).count(1) == 2 and v(5, 6).index(6) == 1
    assert pickle.loads(pickle.dumps(many)) == many and hash(v(1, 2)) == hash(pvector([1, 2]))
    nested = freeze({"a": [{"b": 1}, {"b": 5}], "c": {3}})
    assert nested.transform(["a", ny, "b"], inc) == freeze({"a": [{"b": 2}, {"b": 6}], "c": {3}})
    assert thaw(nested) == {"a": [{"b": 1}, {"b": 5}], "c": {3}} and v(1, 2).transform([0], inc) == v(2, 2)
    assert m(a=1).update(m(b=2)) == pmap({"a": 1, "b": 2}) and s(1, 2).remove(1) == s(2) and Point(x=1).set(x=2).x == 2
    assert Item(name="n").set(count=3).serialize() == {"name": "n", "count": 3}
    for wrong in (
        lambda: many[3_000], lambda: Item(count=1), lambda: Item(name=1), lambda: many.set("a", 1), lambda: hash(v([])),
    ):
        try:
            wrong()
        except (IndexError, TypeError, pyrsistent.InvariantException):
            continue
        raise AssertionError("that is not possible")

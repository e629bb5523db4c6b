import pickle

import immutables
from immutables import _map


class Collision:
    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return 7


def check():
    assert immutables.Map is _map.Map
    empty = immutables.Map()
    one = empty.set("a", 1)
    two = one.update({"b": 2}, c=3)
    assert not empty and dict(one) == {"a": 1} and dict(two) == {"a": 1, "b": 2, "c": 3}
    assert two.delete("a") == immutables.Map(b=2, c=3) and hash(two) == hash(immutables.Map(two))
    with two.mutate() as changed:
        changed["d"] = 4
        del changed["a"]
        assert changed.pop("b") == 2
        three = changed.finish()
    assert sorted(three.items()) == [("c", 3), ("d", 4)] and "a" in two and three.get("x", 0) == 0
    many = immutables.Map((number, number * number) for number in range(5_000))
    assert len(many) == 5_000 and all(many[number] == number * number for number in range(5_000))
    assert pickle.loads(pickle.dumps(many)) == many
    same = [Collision(name) for name in "xyz"]
    collisions = immutables.Map((key, key.name) for key in same)
    assert [collisions[key] for key in same] == ["x", "y", "z"] and len(collisions.delete(same[1])) == 2
    for wrong in lambda: two["x"], lambda: two.delete("x"), lambda: two.set([], 1), lambda: changed.set("e", 5):
        try:
            wrong()
        except (KeyError, TypeError, ValueError):
            continue
        raise AssertionError("it has no such key")

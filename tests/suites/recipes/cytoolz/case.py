import operator

import cytoolz
from cytoolz import curried


def check():
    assert "cython" in repr(type(cytoolz.first))
    assert cytoolz.groupby(len, ["a", "bb", "cc", "d"]) == {1: ["a", "d"], 2: ["bb", "cc"]}
    assert cytoolz.pipe(range(10), curried.filter(lambda x: x % 2), curried.map(lambda x: x * x), sum) == 165
    assert list(cytoolz.sliding_window(2, "abc")) == [("a", "b"), ("b", "c")]
    assert list(cytoolz.partition_all(3, range(7))) == [(0, 1, 2), (3, 4, 5), (6,)]
    assert cytoolz.merge_with(sum, {"a": 1}, {"a": 2, "b": 3}) == {"a": 3, "b": 3}
    nested = {"a": [{"b": 1}]}
    assert cytoolz.get_in(["a", 0, "b"], nested) == 1 and cytoolz.get_in(["x"], nested, "none") == "none"
    assert cytoolz.update_in({"a": {"b": 1}}, ["a", "b"], operator.neg) == {"a": {"b": -1}}
    assert cytoolz.reduceby(lambda x: x % 2, operator.add, range(6), 0) == {0: 6, 1: 9}
    assert list(cytoolz.join(cytoolz.first, [(1, "a"), (2, "b")], cytoolz.first, [(2, "c")])) == [((2, "b"), (2, "c"))]
    assert list(cytoolz.take(3, cytoolz.iterate(lambda x: 2 * x, 1))) == [1, 2, 4]
    assert list(cytoolz.unique([3, 1, 3])) == [3, 1] and cytoolz.frequencies("abca") == {"a": 2, "b": 1, "c": 1}

    @cytoolz.curry
    def add(x, y, z=0):
        return x + y + z

    assert add(1)(2) == add(1, z=4)(-2) == 3 and cytoolz.compose(str, add(1))(2) == "3"
    calls = []
    square = cytoolz.memoize(lambda x: calls.append(x) or x * x)
    assert square(3) == square(3) == 9 and calls == [3]
    assert cytoolz.juxt(min, max)([2, 1, 3]) == (1, 3) and cytoolz.countby(str.isupper, "aBc") == {False: 2, True: 1}
    try:
        cytoolz.get([0, 9], ["x"])
    except IndexError:
        return
    raise AssertionError("there is no tenth")

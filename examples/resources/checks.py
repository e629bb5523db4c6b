"""What the app checks by itself, as a caller of the host."""

import copy
import gc
import weakref

import wit_world
from componentize_py_types import Err, Ok
from wit_world import Token
from wit_world.imports import counters, things
from wit_world.imports.counters import Counter
from wit_world.imports.things import Thing

CHECKS = {}


def check(function):
    CHECKS[function.__name__] = function
    return function


def refuses(action, *words, kind=ValueError):
    """The action raises an exception of this kind with these words in it."""
    try:
        action()
    except kind as error:
        for word in words:
            assert word in str(error), f"{word!r} is not in {error}"
        return
    raise AssertionError("nothing was raised")


@check
def constructors_methods_and_statics():
    counter = Counter(5)
    assert counter.value() == 5 and counter.add(2) == 7
    assert Counter.join(counter, Counter(10)).value() == 17
    assert Counter.parse("12").value() == 12
    try:
        Counter.parse("twelve")
    except Err as error:
        assert error.value == "twelve is no number"
    else:
        raise AssertionError("nothing was raised")


@check
def handles_are_dropped_with_their_objects():
    before = counters.living()
    counter = Counter(1)
    assert counters.living() == before + 1
    del counter
    assert counters.living() == before
    loop = [Counter(1)]
    loop.append(loop)
    del loop
    gc.collect()
    assert counters.living() == before


@check
def a_with_block_drops_at_its_end():
    before = counters.living()
    with Counter(1) as counter:
        assert counter.value() == 1
    assert counters.living() == before
    refuses(counter.value, "parameter self", "counter", "it was dropped")
    counter.__exit__(None, None, None)
    with Counter(1) as counter:
        Counter.join(counter, Counter(1))
    assert counters.living() == before


@check
def weak_references_work():
    calls = []
    counter = Counter(1)
    weakref.finalize(counter, calls.append, "gone")
    reference = weakref.ref(counter)
    assert reference() is counter
    del counter
    assert reference() is None and calls == ["gone"]


@check
def what_is_moved_cannot_be_used():
    counter, other = Counter(1), Counter(2)
    joined = Counter.join(counter, other)
    refuses(counter.value, "it was passed on to a new owner")
    refuses(lambda: Counter.join(counter, joined), "parameter a", "new owner")
    assert joined.value() == 3


@check
def nothing_moves_before_all_is_checked():
    counter, other = Counter(1), Counter(2)
    refuses(lambda: Counter.join(counter, counter), "parameter b", "another part of the arguments")
    refuses(lambda: Counter.join(counter, None), "parameter b must be counter", "not None", kind=TypeError)
    refuses(lambda: Counter.join(counter, Thing("x")), "counters.Counter", "things.Thing", kind=TypeError)
    assert counter.value() == 1 and Counter.join(counter, other).value() == 3


@check
def one_thing_cannot_be_lent_and_given_away_at_once():
    thing = Thing("x")
    mixed = things.Mixed(thing, thing, 1)
    refuses(lambda: everywhere(three=mixed), "parameter three.owned", "another part of the arguments")
    assert thing.get() == "x"
    refuses(lambda: everywhere(eight=[Thing("a"), thing, thing]), "parameter eight[2]")
    assert thing.get() == "x"
    assert "x x" in everywhere(nine=[thing, thing])


@check
def wrong_values_are_named():
    refuses(lambda: counters.sum([Counter(1), 5]), "counters[1] must be borrow<counter>", "not int", kind=TypeError)
    refuses(lambda: everywhere(one=things.Owner("x")), "parameter one.thing must be thing", "not str", kind=TypeError)
    refuses(lambda: everywhere(six=things.Choice_Lent(7)), "parameter six.value", "borrow<thing>", kind=TypeError)
    refuses(lambda: everywhere(twelve=Ok(None)), "parameter twelve.value", "not None", kind=TypeError)
    refuses(lambda: everywhere(four=(Thing("x"),)), "parameter four", "2 items")


@check
def instances_come_from_constructors_or_the_host():
    refuses(counters.Meter, "Meter has no constructor", kind=TypeError)
    bare = Counter.__new__(Counter)
    refuses(bare.value, "its constructor was not called")
    refuses(lambda: copy.copy(Counter(1)), "pickle", kind=TypeError)
    meter = counters.watch(Counter(3))
    assert isinstance(meter, counters.Meter) and meter.show() == "3"
    counter = Counter(1)
    before = counters.living()
    counter.__init__(2)
    assert counter.value() == 2 and counters.living() == before


@check
def subclasses_are_taken():
    class Doubled(Counter):
        def value(self):
            return super().value() * 2

    assert Doubled(4).value() == 8
    assert counters.sum((Doubled(1), Counter(2))) == 3


@check
def resources_of_the_world():
    token = Token("a")
    assert token.name() == "a" and wit_world.spend(token) == "spent a"
    refuses(token.name, "new owner")
    assert [token.name() for token in Token.mint(3)] == ["0", "1", "2"]


@check
def all_positions():
    assert everywhere() == "1 2 3a 3b 4a 4b 5 6 7 8a 8b 9 10 11 12 13"


def everywhere(**changed):
    arguments = {
        "one": things.Owner(Thing("1")),
        "two": things.Reader(Thing("2")),
        "three": things.Mixed(Thing("3a"), Thing("3b"), 3),
        "four": (Thing("4a"), things.Owner(Thing("4b"))),
        "five": (Thing("5"),),
        "six": things.Choice_Owned(Thing("6")),
        "seven": things.Choice_Lent(Thing("7")),
        "eight": [Thing("8a"), Thing("8b")],
        "nine": [Thing("9")],
        "ten": Thing("10"),
        "eleven": Thing("11"),
        "twelve": Ok(Thing("12")),
        "thirteen": Err(Thing("13")),
    }
    return things.everywhere(**(arguments | changed)).text

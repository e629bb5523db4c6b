"""What must hold of resources, whoever implements them."""

import copy
import gc
import pickle
import weakref

from componentize_py_types import Err, Ok, Some
from wit_world.imports import lending, things
from wit_world.imports.queue import Queue
from wit_world.imports.things import (
    None_,
    Other,
    Pair,
    Shape_None_,
    Shape_Nothing,
    Shape_One,
    Shape_Two,
    Thing,
)

CHECKS = {}


def check(function):
    """A check that leaves nothing alive."""

    def checked():
        before = Thing.living(), Other.living()
        function()
        gc.collect()
        assert (Thing.living(), Other.living()) == before, (Thing.living(), Other.living(), before)

    CHECKS[function.__name__] = checked
    return function


def refuses(kind, words, action, *arguments):
    try:
        action(*arguments)
    except kind as error:
        assert words in str(error), f"{words!r} is not in {error}"
        return
    raise AssertionError("nothing was raised")


def fails(value, action, *arguments):
    try:
        action(*arguments)
    except Err as error:
        assert error.value == value, error.value
        return
    raise AssertionError("nothing was raised")


@check
def a_constructor_may_fail():
    assert Thing("a").text() == "a"
    fails("a thing without a text", Thing, "")
    empty = Thing.__new__(Thing)
    fails("a thing without a text", empty.__init__, "")
    refuses(ValueError, "its constructor was not called", empty.text)
    empty.__init__("b")
    assert empty.text() == "b"
    # One that fails leaves the object as it is.
    fails("a thing without a text", empty.__init__, "")
    assert empty.text() == "b"


@check
def a_class_may_have_another_constructor():
    class Named(Thing):
        def __init__(self, first, last):
            super().__init__(f"{first} {last}")
            self.first = first

        def text(self):
            return super().text().upper()

    named = Named("a", last="b")
    assert named.text() == "A B" and named.first == "a"
    assert type(things.pass_(named)) is Thing
    refuses(ValueError, "new owner", named.text)

    class Careless(Thing):
        def __init__(self):
            pass

    refuses(ValueError, "its constructor was not called", Careless().text)


@check
def methods_raise_errors():
    thing = Thing("a")
    fails("no text", thing.change, "")
    assert thing.change("b") is None and thing.text() == "b"
    refuses(TypeError, "parameter text must be string", thing.change, 5)
    refuses(TypeError, "missing", thing.change)


@check
def functions_of_one_name_are_apart():
    assert Thing("a").text() == "a" and Other("a").text() == "other a"
    thing = Thing("a")
    assert (Thing.living(), Other.living()) == (1, 0)
    other = Other("a")
    assert (thing.living(), other.living()) == (1, 1)
    refuses(TypeError, "must be", Thing.text, other)


@check
def names_of_python_are_taken():
    assert Thing.static("a", "b").text() == "ab"
    thing = Thing("a")
    assert [each.text() for each in thing.list(1, 3)] == ["a 1", "a 2"]
    assert thing.self().same(thing)
    assert thing.drop() == "dropped? no: a" and thing.text() == "a"
    nones = things.nones(2)
    assert all(type(none) is None_ for none in nones)
    refuses(TypeError, "None_ has no constructor", None_)


@check
def a_with_block_drops():
    with Thing("a") as thing:
        assert Thing.living() == 1
    assert Thing.living() == 0
    refuses(ValueError, "it was dropped", thing.text)
    refuses(ValueError, "it was dropped", things.pass_, thing)
    with thing:
        refuses(ValueError, "it was dropped", thing.text)
    thing.__init__("again")
    assert thing.text() == "again"
    try:
        with Thing("b"):
            raise KeyError
    except KeyError:
        assert Thing.living() == 1
    with Thing("c") as moved:
        back = things.pass_(moved)
    assert back.text() == "c"


@check
def objects_are_dropped_in_the_end():
    thing = Thing("a")
    reference = weakref.ref(thing)
    gone = []
    weakref.finalize(thing, gone.append, "gone")
    by_thing = weakref.WeakKeyDictionary({thing: 1})
    del thing
    assert reference() is None and gone == ["gone"] and not by_thing and Thing.living() == 0
    circle = [Thing("a"), Thing("b")]
    circle[0].other, circle[1].other = circle[1], circle[0]
    del circle
    gc.collect()
    assert Thing.living() == 0

    class Watched(Thing):
        def __del__(self):
            gone.append(self.text())

    watched = Watched("c")
    del watched
    assert gone == ["gone", "c"] and Thing.living() == 0


@check
def an_object_may_be_saved_from_its_end():
    saved = []

    class Saved(Thing):
        def __del__(self):
            saved.append(self)

    thing = Saved("a")
    del thing
    assert saved[0].text() == "a" and Thing.living() == 1
    saved.clear()
    assert Thing.living() == 0


@check
def what_is_moved_is_gone():
    thing = Thing("a")
    back = things.pass_(thing)
    refuses(ValueError, "it was passed on to a new owner", thing.text)
    refuses(ValueError, "parameter thing", things.pass_, thing)
    assert back.text() == "a"
    one, two = things.twice(back)
    assert one.same(two) and Thing.living() == 1
    one.change("b")
    assert two.text() == "b"
    with one:
        pass
    assert two.text() == "b" and Thing.living() == 1


@check
def nothing_is_moved_by_a_wrong_call():
    a, b = Thing("a"), Thing("b")
    refuses(TypeError, "things[2] must be thing, of the class", things.choose, [a, b, 5], 0)
    refuses(TypeError, "index must be u32", things.choose, [a, b], "0")
    refuses(OverflowError, "index", things.choose, [a, b], -1)
    refuses(ValueError, "things[2]", things.choose, [a, b, a], 0)
    refuses(TypeError, "pairs[1].b", things.pairs, [Pair(a, None), Pair(b, a)])
    refuses(TypeError, "missing", things.choose, [a, b])
    assert a.text() + b.text() == "ab"
    assert things.choose([a, b], 1).text() == "b"


@check
def an_error_may_be_a_resource():
    try:
        things.choose([Thing("a"), Thing("b")], 7)
    except Err as error:
        assert error.value.text() == "b"
        error.value.__exit__(None, None, None)
    else:
        raise AssertionError("nothing was raised")


@check
def handles_cross_in_all_positions():
    pairs = things.pairs([Pair(Thing("a"), None), Pair(Thing("b"), Other("c"))])
    assert [(pair.a.text(), pair.b and pair.b.text()) for pair in pairs] == [("a", None), ("b", "other c")]
    shapes = [Shape_One(Thing("a")), Shape_Two((Thing("b"), Other("c"))), Shape_None_(things.nones(1)[0]), Shape_Nothing()]
    one, two, none, nothing = things.shapes(shapes)
    assert one.value.text() == "a" and [each.text() for each in two.value] == ["b", "other c"]
    assert type(none.value) is None_ and nothing == Shape_Nothing()
    assert things.nested(None) is None and things.nested(Some(None)) == Some(None)
    assert things.nested(Some(Ok(Thing("a")))).value.value.text() == "a"
    assert things.nested(Some(Err(Other("a")))).value.value.text() == "other a"
    a = Thing("a")
    assert things.texts((a, a, Thing("b")), (Other("c"), a)) == ["a", "a", "b", "other c", "a"]
    assert things.texts([], (Other("c"), None)) == ["other c"]


@check
def many_cross_at_once():
    many = [Pair(Thing(str(number)), None) for number in range(2000)]
    back = things.pairs(many)
    assert [pair.a.text() for pair in back] == [str(number) for number in range(2000)]
    refuses(ValueError, "new owner", many[1999].a.text)
    assert Thing.living() == 2000


@check
def kinds_are_not_mixed_up():
    refuses(TypeError, "must be thing", things.pass_, Other("a"))
    refuses(TypeError, "must be thing", things.pass_, Queue())

    class Both(Thing, Other):
        pass

    both = Both("a")
    refuses(TypeError, "must be borrow<other>", things.texts, [both], (both, None))
    disguised = Thing("a")
    disguised.__class__ = Other
    refuses(TypeError, "self must be borrow<other>", disguised.text)
    disguised.__class__ = Thing
    assert disguised.text() == "a"
    refuses(TypeError, "called for an object that is none", Thing.__init__, Other.__new__(Other), "a")


@check
def objects_are_not_copied():
    thing = Thing("a")
    refuses(TypeError, "pickle", copy.copy, thing)
    refuses(TypeError, "pickle", copy.deepcopy, [thing])
    refuses(TypeError, "pickle", pickle.dumps, thing)
    assert thing == thing and thing != Thing("a") and len({thing, thing}) == 1


@check
def resources_hold_resources():
    queue = Queue()
    thing = Thing("a")
    queue.put(thing)
    queue.put(Thing("b"))
    refuses(ValueError, "new owner", queue.put, thing)
    assert queue.look() == ["a", "b"]
    assert queue.get().text() == "a" and Thing.living() == 1
    with Queue() as second:
        second.put(queue.get())
        assert queue.get() is None and Thing.living() == 1
    assert Thing.living() == 0
    queue.put(Thing("c"))


@check
def what_is_lent_is_lent_for_a_call():
    thing = Thing("a")
    assert lending.lend(thing) == "a" and thing.text() == "a"
    said = lending.again()
    assert len(said) == 5 and all("lent, for a call that is over" in text for text in said), said
    assert thing.text() == "a"


@check
def handles_of_an_import_cross_exports():
    lending.keep(Thing("a"))
    assert Thing.living() == 1
    assert lending.give().text() == "a" and lending.give() is None
    assert lending.join(Pair(Thing("a"), Other("b"))).text() == "a and other b"
    try:
        lending.join(Pair(Thing("a"), None))
    except Err as error:
        assert error.value.a.text() == "a" and error.value.b is None
        error.value.a.__exit__(None, None, None)
    else:
        raise AssertionError("nothing was raised")


@check
def a_result_may_own_what_it_is_made_of():
    for number in range(3):
        text = f"größer {number}"
        assert lending.bytes(Thing(text)) == text.encode()
        assert lending.view(Thing(text)) == text.encode()
        assert lending.text(Thing(text)) == text

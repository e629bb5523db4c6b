import json
import os
import sys
import weakref


class WitWorld:
    def check(self, name: str) -> str:
        return str(globals()[name]())


class Node:
    """A part of a cycle, which only the collector frees."""

    def __init__(self):
        self.other = self


class Witness:
    """Says when it goes."""

    def __del__(self):
        GONE.append("finalized")


# A stream may have anything, itself too.
sys.stdout.kept = {"stream": sys.stdout}

GONE = []
WITNESS = Witness()
ASKING = weakref.ref(WITNESS, lambda _: GONE.append("called back"))


def passing():
    pass


ASKING_FUNCTION = weakref.ref(passing, lambda _: GONE.append("function"))


def witness():
    """What the app made in the build goes like anything else; what is the standard library's is there for good."""
    global WITNESS, passing
    counted = sys.getrefcount(WITNESS)
    del WITNESS, passing
    return counted, GONE, ASKING(), sys.getrefcount(os.path.join) == sys.getrefcount(None)


def work():
    """Some of all that allocates: text, containers, a cycle, a generator, an exception."""
    Node()
    text = json.dumps({"numbers": list(range(8)), "text": "é" * 8})
    try:
        raise ValueError(text)
    except ValueError as error:
        return len(str(error)) + sum(number for number in json.loads(text)["numbers"])


def nothing():
    return ""


def at_once():
    """One allocation that is more than there can be."""
    try:
        return len(bytearray(1 << 30))
    except MemoryError:
        return "MemoryError"


def little_by_little():
    """Many that fit, until one does not."""
    kept = []
    try:
        while True:
            kept.append(bytearray(100_000))
    except MemoryError:
        count = len(kept)
        kept.clear()
    return f"MemoryError {count > 50}"


def in_small_objects():
    """Objects of the small kind, which have an allocator of their own."""
    chain = None
    try:
        while True:
            chain = (chain, object())
    except MemoryError:
        chain = None
    return "MemoryError"


def escaping():
    """A MemoryError that nobody catches."""
    return bytearray(1 << 30)

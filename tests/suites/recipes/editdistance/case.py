import editdistance
from editdistance import bycython


def check():
    assert editdistance.eval is bycython.eval
    assert editdistance.eval("banana", "bahama") == editdistance.distance("banana", "bahama") == 2
    assert editdistance.eval("", "abc") == 3 and editdistance.eval("é", "e") == 1
    assert editdistance.eval(["spam", 1, ("a",)], ["spam", ("a",)]) == 1
    assert editdistance.eval("abcdefghij" * 100, "abcdefghijk" * 100) == 100
    assert editdistance.eval_criterion("banana", "bahama", 2) and not editdistance.eval_criterion("banana", "bahama", 1)
    try:
        editdistance.eval([[]], ["a"])
    except TypeError:
        return
    raise AssertionError("a list has no hash")

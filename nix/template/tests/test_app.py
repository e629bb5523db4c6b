from app import Prices


def test_a_total():
    assert Prices().total(["tea", "cake"]) == 670


def test_what_is_unknown():
    assert Prices().total(["tea", "milk"]) is None

import pickle

import ahocorasick


def check():
    words = ahocorasick.Automaton()
    for number, word in enumerate(["he", "she", "his", "hers", "ünï"]):
        assert words.add_word(word, (number, word))
    assert "he" in words and "h" not in words and words.match("hi") and len(words) == 5 and words.get("his")[0] == 2
    assert words.longest_prefix("herself") == 4 and words.get("x", None) is None
    words.make_automaton()
    assert list(words.iter("ushers ünï")) == [(3, (1, "she")), (3, (0, "he")), (5, (3, "hers")), (9, (4, "ünï"))]
    assert list(words.iter_long("ushers")) == [(3, (1, "she"))]
    assert sorted(words.keys("h")) == ["he", "hers", "his"] and sorted(words.keys("h?s", "?")) == ["his"]
    again = pickle.loads(pickle.dumps(words))
    assert sorted(again.items()) == sorted(words.items()) and list(again.iter("his")) == [(2, (2, "his"))]
    assert words.get_stats()["words_count"] == 5 and words.kind == ahocorasick.AHOCORASICK
    lengths = ahocorasick.Automaton(ahocorasick.STORE_LENGTH)
    for number in range(3_000):
        lengths.add_word(str(number))
    lengths.make_automaton()
    assert sum(length for _, length in lengths.iter("1234")) == 4 * 1 + 3 * 2 + 2 * 3 + 4
    assert again.pop("hers") == (3, "hers") and again.remove_word("his") and not again.exists("his")
    for wrong in (
        lambda: words.get("x"), lambda: again.iter("1"), lambda: words.add_word("y"), lambda: words.iter(b"he"),
    ):
        try:
            wrong()
        except (KeyError, AttributeError, TypeError, ValueError):
            continue
        raise AssertionError("that is not there")

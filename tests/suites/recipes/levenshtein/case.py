import Levenshtein
from Levenshtein import levenshtein_cpp


def check():
    assert Levenshtein.median is levenshtein_cpp.median
    assert Levenshtein.distance("kitten", "sitting") == 3 and Levenshtein.distance("ab", "ba", weights=(1, 1, 2)) == 2
    assert Levenshtein.hamming("karolin", "kathrin") == 3 and round(Levenshtein.ratio("abc", "abd"), 3) == 0.667
    assert round(Levenshtein.jaro_winkler("martha", "marhta"), 4) == 0.9611
    steps = Levenshtein.editops("spam", "park")
    assert steps == [("delete", 0, 0), ("insert", 3, 2), ("replace", 3, 3)]
    assert Levenshtein.apply_edit(steps, "spam", "park") == "park"
    assert Levenshtein.apply_edit(Levenshtein.subtract_edit(steps, steps[:1]), "pam", "park") == "park"
    blocks = Levenshtein.matching_blocks(steps, "spam", "park")
    assert "".join("spam"[block[0] : block[0] + block[2]] for block in blocks) == "pa"
    words = ["SpSm", "mpamm", "Spam", "Spa", "Sua", "hSam"]
    assert Levenshtein.median(words) == Levenshtein.quickmedian(words) == Levenshtein.setmedian(words) == "Spam"
    assert Levenshtein.median_improve("spam", words, [1, 1, 1, 1, 1, 1]) == "Spam"
    assert round(Levenshtein.setratio(["a", "b"], ["b", "c"]), 2) == 0.5 == Levenshtein.seqratio(["a", "b"], ["c", "b"])
    for wrong in lambda: Levenshtein.median([1]), lambda: Levenshtein.hamming("a", 3, pad=False):
        try:
            wrong()
        except (TypeError, ValueError):
            continue
        raise AssertionError("a number is no text")

from rapidfuzz import distance, fuzz, fuzz_cpp, process, process_cpp_impl, utils, utils_cpp
from rapidfuzz.distance import metrics_cpp


def check():
    assert fuzz.ratio is fuzz_cpp.ratio and utils.default_process is utils_cpp.default_process
    assert process.extractOne is process_cpp_impl.extractOne
    assert distance.Levenshtein.distance is metrics_cpp.levenshtein_distance
    assert round(fuzz.ratio("this is a test", "this is a test!"), 2) == 96.55
    assert fuzz.partial_ratio("this is a test", "this is a test!") == 100
    assert fuzz.token_sort_ratio("fuzzy wuzzy was a bear", "wuzzy fuzzy was a bear") == 100
    assert fuzz.token_set_ratio("fuzzy was a bear", "fuzzy fuzzy was a bear") == 100
    assert fuzz.ratio("é", "e") == 0 and fuzz.WRatio("a b", None) == 0 and fuzz.ratio("ab", "xy", score_cutoff=50) == 0
    assert fuzz.partial_ratio_alignment("bcd", "abcde").dest_start == 1
    assert utils.default_process("  Ünï-Code!! ") == "ünï code"
    teams = ["Atlanta Falcons", "New York Jets", "New York Giants", "Dallas Cowboys"]
    best = process.extract("new york jets", teams, processor=utils.default_process, limit=2)
    assert [(name, at) for name, _, at in best] == [("New York Jets", 1), ("New York Giants", 2)] and best[0][1] == 100
    assert process.extractOne("cowboy", dict(enumerate(teams)), scorer=fuzz.partial_ratio, score_cutoff=70)[2] == 3
    assert len(list(process.extract_iter("x", teams, scorer=lambda one, other, **options: len(other)))) == 4
    matrix = process_cpp_impl.cdist(["ab", "abc"], ["abc", "x"], scorer=distance.Levenshtein.distance, workers=-1)
    assert memoryview(matrix).tolist() == [[1, 2], [0, 3]]
    long = "kitten " * 50, "sitting " * 50
    assert distance.Levenshtein.distance(*long) == 150 and distance.Levenshtein.distance("kitten", "sitting") == 3
    steps = distance.Levenshtein.editops("qabxcd", "abycdf")
    assert [step.tag for step in steps] == ["delete", "replace", "insert"]
    assert steps.apply("qabxcd", "abycdf") == "abycdf"
    assert distance.Levenshtein.opcodes("ab", "xb")[0].tag == "replace" and steps.inverse().inverse() == steps
    assert distance.OSA.distance("ca", "ac") == distance.DamerauLevenshtein.distance("ca", "ac") == 1
    assert distance.Hamming.distance("abc", "abd") == 1 and distance.LCSseq.similarity([1, 2, 3], [1, 3]) == 2
    assert round(distance.JaroWinkler.similarity("martha", "marhta"), 4) == 0.9611
    for wrong in (
        lambda: distance.Hamming.distance("a", "ab", pad=False), lambda: fuzz.ratio(1, "a"),
        lambda: process.extract("a", teams, scorer=fuzz.ratio, score_cutoff="high"),
        lambda: distance.JaroWinkler.similarity("a", "b", prefix_weight=2.0),
    ):
        try:
            wrong()
        except (ValueError, TypeError):
            continue
        raise AssertionError("that cannot be compared")

from words import report


def test_the_most_frequent_words_come_first():
    assert report("a b B c", 2) == "     2 b\n     1 a\n"

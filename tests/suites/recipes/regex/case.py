import regex


def check():
    assert regex.search(r"(?:cats){e<=1}", "cat").fuzzy_counts == (0, 0, 1)
    assert regex.findall(r"\p{Lu}\p{Ll}+", "Été and Über") == ["Été", "Über"]
    assert regex.sub(r"(?<=\d)(?=(?:\d{3})+\b)", ",", "1234567") == "1,234,567"
    assert regex.fullmatch(r"(?<a>\w)(?&a)*", "abc").captures("a") == ["a", "b", "c"]
    assert regex.split(r"(?V1)(?=B)", "ABAB") == ["A", "BA", "B"]

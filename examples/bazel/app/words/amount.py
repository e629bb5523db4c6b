"""Amounts of money as people say them."""


def in_words(cents: int) -> str:
    return f"{cents // 100} euros and {cents % 100} cents"

"""What things cost."""

from pathlib import Path

# Read when the component is built: the list is part of the snapshot.
_LINES = Path(__file__).with_name("list.txt").read_text().splitlines()
_PRICES = {item: int(cents) for item, cents in (line.split() for line in _LINES)}


def price_of(item: str) -> int | None:
    return _PRICES.get(item)

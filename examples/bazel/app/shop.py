from app.words.amount import in_words
from prices import price_of
from wit_world import WitWorld as Protocol
from componentize_py_types import Err


class WitWorld(Protocol):
    """The world's exports."""

    def offer(self, item: str) -> str:
        price = price_of(item)
        if price is None:
            raise Err(f"there is no {item}")
        return f"{item}: {in_words(price)}"

"""The world `price-list`: what things cost."""

from wit_world import exports

PRICES = {"tea": 250, "coffee": 300, "cake": 420}


class Prices(exports.Prices):
    def price(self, name: str) -> int | None:
        return PRICES.get(name)

"""The world `shop`: adds up prices that another component knows."""

import wit_world
from componentize_py_types import Err
from wit_world.imports import prices


class WitWorld(wit_world.WitWorld):
    def total(self, names: list[str]) -> int:
        cents = 0
        for name in names:
            price = prices.price(name)
            if price is None:
                raise Err(name)
            cents += price
        return cents

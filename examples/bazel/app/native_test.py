"""Tests the app as ordinary Python: the bindings are ordinary modules."""

import unittest

import shop
import wit_world
from componentize_py_types import Err


class Offers(unittest.TestCase):
    def setUp(self) -> None:
        self.shop: wit_world.WitWorld = shop.WitWorld()

    def test_a_price_is_told_in_words(self) -> None:
        self.assertEqual(self.shop.offer("tea"), "tea: 2 euros and 50 cents")

    def test_what_is_not_sold_is_an_error(self) -> None:
        with self.assertRaises(Err) as raised:
            self.shop.offer("gold")
        self.assertEqual(raised.exception.value, "there is no gold")


if __name__ == "__main__":
    unittest.main()

"""Implements what a small host knows."""

from greeting_sdk.wit import exports


class Greeter(exports.Greeter):
    def greet(self, name):
        return f"Hello, {name.first}!"

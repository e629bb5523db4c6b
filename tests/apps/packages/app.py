"""Implements a world of its own and those of two packages."""

import greeting_sdk
import shouting_sdk.wit.imports.types
from greeting_sdk.wit import exports as greeting
from shouting_sdk.wit import exports as shouting

# The second package takes the types of the first.
assert shouting_sdk.wit.imports.types.Name is greeting_sdk.Name

greetings = 0


class Greeter(greeting.Greeter):
    def greet(self, name):
        global greetings
        greetings += 1
        return f"Hello, {greeting_sdk.full_name(name)}!"


class TestShoutingShouter(shouting.TestShoutingShouter):
    def shout(self, name):
        return greeting_sdk.full_name(name).upper()


class GreetingSdkWit:
    def count(self):
        return greetings


class WitWorld:
    def answer(self):
        return 42

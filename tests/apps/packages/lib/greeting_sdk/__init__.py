"""Wraps the WIT of greetings."""

from greeting_sdk.wit.imports.types import Name


def full_name(name: Name) -> str:
    return f"{name.first} {name.last}"

"""
What the generated modules call; not for use by an app.
"""

from typing import TypeVar

_T = TypeVar("_T")

def call_import(index: int, *arguments: object) -> _T: ...  # type: ignore[type-var]

"""
What the generated modules call; not for use by an app.
"""

from typing import TypeVar

_T = TypeVar("_T")

class Resource:
    def _drop(self) -> None: ...

def call_import(index: int, *arguments: object) -> _T: ...  # type: ignore[type-var]
def call_constructor(object: Resource, index: int, *arguments: object) -> None: ...

import markupsafe
import words
from wit_world import Count, WitWorld as Protocol

# MarkupSafe falls back to Python silently where its extension module cannot be imported.
from markupsafe import _speedups

assert markupsafe._escape_inner is _speedups._escape_inner


class WitWorld(Protocol):
    """The world's exports."""

    def count(self, text: str) -> list[Count]:
        return [Count(word, times) for word, times in words.count(text)]

    def escape(self, text: str) -> str:
        return str(markupsafe.escape(text))

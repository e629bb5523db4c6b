"""What apps that are written for Python 3.14 name in annotations without importing it: that evaluates them when somebody asks.

In an asynchronous world these are the ends of streams and futures, which componentize-py's own apps use like that.
"""

import builtins

NAMES = {
    "componentize_py_async_support.futures": ("FutureReader", "FutureWriter"),
    "componentize_py_async_support.streams": ("ByteStreamReader", "ByteStreamWriter", "StreamReader", "StreamWriter"),
}


class EndsAreNamed:
    """A context in which the names are builtins."""

    def __init__(self, world):
        self.names = {}
        if world.STREAMS or world.FUTURES:
            for module, names in NAMES.items():
                ends = __import__(module, fromlist=names)
                self.names.update((name, getattr(ends, name)) for name in names)

    def __enter__(self):
        vars(builtins).update(self.names)

    def __exit__(self, *exception):
        for name in self.names:
            vars(builtins).pop(name, None)

"""Extends the modules `socket` and `ssl` when something imports them, and costs nothing where nothing does.

A `.pth` file on the Python path imports this module before the app is imported.
"""

import sys
from types import ModuleType
from typing import Any, Callable

# In worlds with asynchronous functions this imports `socket`, and what extends that needs this first.
import componentize_py_async_support  # noqa: F401


def _extend_socket(module: ModuleType) -> None:
    from ampoule_web.client import sockets

    sockets.install(module)


def _extend_ssl(module: ModuleType) -> None:
    from ampoule_web.client import tls

    tls.install(module)


EXTENSIONS: dict[str, Callable[[ModuleType], None]] = {
    "socket": _extend_socket,
    "ssl": _extend_ssl,
}


class _Extended:
    """The loader of a module that is extended as soon as it is there."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def exec_module(self, module: Any) -> None:
        self._loader.exec_module(module)
        # From here on the module is like any other.
        module.__spec__.loader = module.__loader__ = self._loader
        EXTENSIONS[module.__name__](module)


class _Finder:
    """The first finder: finds a module where the others do, and has it extended."""

    @classmethod
    def find_spec(cls, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in EXTENSIONS:
            return None
        others = (finder for finder in sys.meta_path if finder is not cls)
        found = (finder.find_spec(name, path, target) for finder in others)
        spec: Any = next(filter(None, found), None)
        if spec is not None:
            spec.loader = _Extended(spec.loader)
        return spec


sys.meta_path.insert(0, _Finder)
for _name in EXTENSIONS:
    if _name in sys.modules:
        EXTENSIONS[_name](sys.modules[_name])

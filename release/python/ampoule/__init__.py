"""Builds Python applications into WebAssembly components, hermetically and reproducibly.

    import ampoule

    component = ampoule.build("examples/hello")
    print(component.path, component.sha256)

Each function runs the program ``ampoule``, which this package brings with it (``python -m ampoule``, ``ampoule``).
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import pathlib
from typing import Optional, Sequence, Union

from ampoule._program import Error, call

__all__ = ["Component", "Error", "Options", "Path", "bindings", "build", "componentize"]

#: A path, as the functions take it.
Path = Union[str, "os.PathLike[str]"]


@dataclasses.dataclass(frozen=True)
class Options:
    """Where inputs come from, and where results are kept. The defaults are those of the program."""

    #: The folder of the cache.
    cache: Optional[Path] = None
    #: Prefilled caches, as ``ampoule cache export`` writes them, beside the one that this package brings: folders, archives, URLs.
    cache_from: Sequence[Path] = ()
    #: Folders and archives with pinned files, looked at before the network.
    mirrors: Sequence[Path] = ()
    #: Whether what is missing is an error, rather than fetched.
    offline: bool = False

    def flags(self) -> list[str]:
        """The flags of the program, which stand before its command."""
        flags = ["--quiet"]
        if self.cache is not None:
            flags += ["--cache", os.fspath(self.cache)]
        flags += _each("--cache-from", self.cache_from)
        flags += _each("--mirror", self.mirrors)
        return flags + (["--offline"] if self.offline else [])


@dataclasses.dataclass(frozen=True)
class Component:
    """A component that was built."""

    #: Its file.
    path: pathlib.Path

    @property
    def sha256(self) -> str:
        """The digest of the file, in hexadecimal digits: the same for the same inputs on every machine."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def build(project: Path = ".", *, output: Optional[Path] = None, options: Options = Options()) -> Component:
    """Builds the project in a folder by ``[tool.ampoule]`` of its ``pyproject.toml``.

    ``output`` is the file of the component, by default the one that the project names.
    """
    chosen = [] if output is None else ["--output", os.fspath(output)]
    printed = call([*options.flags(), "build", *chosen, "--", os.fspath(project)])
    return Component(pathlib.Path(printed.removesuffix("\n")))


def componentize(
    app: str,
    *,
    wit: Sequence[Path] = ("wit",),
    world: Optional[str] = None,
    paths: Sequence[Path] = (".",),
    output: Path = "index.wasm",
    options: Options = Options(),
) -> Component:
    """Builds a component from the module ``app``, which is searched in the folders ``paths``, without a project.

    ``wit`` are the files and folders of WIT, ``world`` the one of their worlds to build for, where there are several.
    """
    flags = [*_each("--python-path", paths), "--output", os.fspath(output)]
    call([*options.flags(), *_of_world(wit, world), "componentize", *flags, "--", app])
    return Component(pathlib.Path(output))


def bindings(
    folder: Path, *, wit: Sequence[Path] = ("wit",), world: Optional[str] = None, options: Options = Options()
) -> pathlib.Path:
    """Writes the bindings of a world into a folder, for editors and type checkers."""
    call([*options.flags(), *_of_world(wit, world), "bindings", "--", os.fspath(folder)])
    return pathlib.Path(folder)


def _of_world(wit: Sequence[Path], world: Optional[str]) -> list[str]:
    return _each("--wit-path", wit) + ([] if world is None else ["--world", world])


def _each(flag: str, values: Sequence[Path]) -> list[str]:
    return [word for value in values for word in (flag, os.fspath(value))]

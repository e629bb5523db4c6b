"""Runs CPython's own tests, which lie in the folder that the host grants as /tests."""

import os
import runpy
import sys


class Without:
    """Python as if it had no modules of these names."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


class WitWorld:
    def run(self, without: list[str], arguments: list[str]) -> int:
        sys.meta_path.insert(0, Without(without))
        sys.path[:0] = ["/tests"]
        sys.argv = ["test", *arguments]
        os.chdir("/tmp")
        try:
            runpy.run_module("test", run_name="__main__", alter_sys=True)
        except SystemExit as left:
            return left.code
        return 0

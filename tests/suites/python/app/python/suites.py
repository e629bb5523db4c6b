"""Runs CPython's own tests, which lie in the folder that the host grants as /tests."""

import os
import runpy
import sys


class WitWorld:
    def run(self, without: list[str], arguments: list[str]) -> int:
        sys.modules.update(dict.fromkeys(without))
        sys.path[:0] = ["/tests"]
        sys.argv = ["test", *arguments]
        os.chdir("/tmp")
        try:
            runpy.run_module("test", run_name="__main__", alter_sys=True)
        except SystemExit as left:
            return left.code
        return 0

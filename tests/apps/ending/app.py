"""Ends its instance in every way."""

import atexit
import sys

atexit.register(print, "at exit")


class WitWorld:
    def leave(self, code):
        sys.exit(code)

    def fail(self):
        raise ValueError("not today")


class Run:
    def run(self):
        atexit.register(print, "registered in the run")
        print("running")

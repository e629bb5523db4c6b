"""Replaces what Python itself and the build use: it is the app's own business."""

import builtins
import linecache
import os
import random
import sys
import warnings

SEEN = []


def refuse(*arguments, **named):
    raise PermissionError("not here")


def audit(event, arguments):
    SEEN.append(event)
    if event.startswith(("import", "os.", "gc.")):
        raise PermissionError(event)


import_as_ever = builtins.__import__


def import_by_the_app(name, *arguments, **named):
    SEEN.append(name)
    if name in ("posix", "_ampoule", "asyncio.base_futures"):
        raise ImportError("the app's own import")
    return import_as_ever(name, *arguments, **named)


class WitWorld:
    def __init__(self):
        # The app's own code has what the app made, when the build calls it, too.
        self.built_with = (len is builtins.len, sorted("ba"), SEEN[-1:])

    def check(self, name: str) -> str:
        return str(globals()[name](self))


def replaced(world):
    found = (os.listdir is refuse, random.seed is refuse, builtins.__import__ is import_by_the_app, vars is refuse)
    return found, world.built_with


def drawing(world):
    return random.random() != DRAWN


DRAWN = random.random()
warnings.simplefilter("error")
os.listdir = os.stat = os.scandir = random.seed = linecache.clearcache = refuse
builtins.vars = builtins.isinstance = builtins.getattr = builtins.list = refuse
builtins.sorted = lambda items: ["the app's own"]
builtins.__import__ = import_by_the_app
sys.addaudithook(audit)
SEEN.clear()

"""What the app has replaced of Python counts for the app, and not while the build does its own work."""

import builtins
import gc  # for the runtime, which asks for it when the app's `getattr` may be in the way of an import
import warnings

from _ampoule_runtime import exchange_audit_hooks
from _warnings import _filters_mutated as filters_have_changed

# What the app cannot replace: it is taken, and found, before the app is there. Between the app's state and ours only
# methods of dictionaries are called.
BUILTINS = vars(builtins)
OURS = dict(BUILTINS)

SILENCE = [("ignore", None, Warning, None, 0)]


class Undisturbed:
    """A context in which Python is as it was before the app; it may be entered again within itself."""

    depth = 0

    def __enter__(self):
        if self.depth == 0:
            self.put_aside()
        self.depth += 1

    def __exit__(self, *exception):
        self.depth -= 1
        if self.depth == 0:
            self.put_back()

    def interrupted(self):
        """A context for the app's own code within this one."""
        return Interrupted(self)

    def put_aside(self):
        self.theirs = BUILTINS.copy()
        BUILTINS.update(OURS)
        self.hooks = exchange_audit_hooks(None)
        self.filters = getattr(warnings, "filters", None)
        warnings.filters = SILENCE
        filters_have_changed()

    def put_back(self):
        warnings.filters = self.filters
        filters_have_changed()
        exchange_audit_hooks(self.hooks)
        BUILTINS.clear()
        BUILTINS.update(self.theirs)
        del self.theirs, self.hooks, self.filters


class Interrupted:
    """The app's state again, for as long as it is entered."""

    def __init__(self, outer):
        self.outer = outer
        self.depth = outer.depth

    def __enter__(self):
        if self.depth:
            self.outer.put_back()
            self.outer.depth = 0

    def __exit__(self, *exception):
        if self.depth:
            self.outer.put_aside()
            self.outer.depth = self.depth


undisturbed = Undisturbed()

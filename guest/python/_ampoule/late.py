"""Explains, in a running component, why a module can not be imported."""

import sys


class NothingToImportFrom:
    """The last finder: says what to do about a module that the build has not imported."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        """None, as for any module that is not there; but an import statement gets an exception with the remedy."""
        # Asking whether there is a module (importlib.util.find_spec) is no mistake.
        if sys._getframe(2).f_code.co_name != "_find_and_load_unlocked":
            return None
        raise ModuleNotFoundError(
            f"No module named {name!r} in this component: import it at the level of one of the app's modules, so that it is "
            "imported while the component is built",
            name=name,
        )

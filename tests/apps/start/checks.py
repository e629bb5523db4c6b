"""What a component says of how its Python was started."""

import sys


class WitWorld:
    def check(self, name: str) -> str:
        return str(globals()[name]())


def options():
    """The options, as modules see them."""
    flags = sys.flags
    return flags.optimize, flags.dev_mode, flags.int_max_str_digits, sys._xoptions, sys.warnoptions, flags.bytes_warning


def own_code():
    """What is left of an assertion and of docstrings: in the app, a dependency, the stdlib, and what is compiled at run time."""
    import json.decoder

    import vendor

    namespace = {}
    exec('def late():\n    """A docstring."""\n    assert False\n', namespace)
    return [
        (raises(function), function.__doc__ is not None)
        for function in (asserting, vendor.asserting, namespace["late"])
    ] + [json.decoder.JSONDecoder.__doc__ is not None]


def asserting():
    """Assert what is wrong."""
    assert not __debug__


def raises(function):
    try:
        function()
    except AssertionError:
        return True
    return False


def warning():
    """What a warning does."""
    import warnings

    try:
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    except DeprecationWarning as warning:
        return f"{type(warning).__name__}: {warning}"
    return "nothing"


def like_linux():
    """What scripts expect of every Python."""
    import builtins

    names = ("exit", "quit", "help", "copyright", "credits", "license")
    flags = sys.flags
    return all(hasattr(builtins, name) for name in names), flags.isolated, flags.ignore_environment, flags.no_site


def leaving():
    """`exit` is there, and raises SystemExit."""
    try:
        exit(3)
    except SystemExit as left:
        return left.code


def path_files():
    """Folders on the path, and what lines of Python have done, in the order in which `site` takes them."""
    import hidden_away

    return hidden_away.__file__, sys.path[-1], sys.hooked, sys.customized


def namespace_package():
    """A package whose parts are in two folders."""
    import space.one
    import space.two

    return space.one.NAME, space.two.NAME, list(space.__path__)


def stdlib_source():
    """The lines of a traceback in the stdlib, and the first line of one of its classes, imported late."""
    import inspect
    import json.decoder
    import traceback

    try:
        json.decoder.JSONDecoder().decode("nothing")
    except ValueError as error:
        lines = [frame.line for frame in traceback.extract_tb(error.__traceback__)[1:]]
    try:
        return lines, inspect.getsource(json.decoder.JSONDecoder).split("\n")[0]
    except OSError as error:
        return lines, f"OSError: {error}"

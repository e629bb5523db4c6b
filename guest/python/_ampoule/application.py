"""Imports the app; what goes wrong in it is shown with the lines where it does."""

import sys

from _ampoule import advice, foreign, network
from _ampoule.failure import BuildError, show, without_own_frames
from _ampoule.late import STDLIB
from _ampoule.replaced import undisturbed


def import_application(name):
    """The app's module."""
    module = guarded(lambda: imported(name), f"the app `{name}` could not be imported")
    with undisturbed:
        is_of_python = is_standard(module)
    if is_of_python:
        raise BuildError(
            f"the app `{name}` is called as a module of Python itself, which is there before any app: rename the app's file"
        )
    return module


def is_standard(module):
    """Whether this is a module of the standard library."""
    origin = getattr(getattr(module, "__spec__", None), "origin", None)
    # Programs make modules of their own, and write there what they like.
    return isinstance(origin, str) and (origin in ("built-in", "frozen") or origin.startswith(STDLIB))


def imported(name):
    try:
        __import__(name)
    except ModuleNotFoundError as error:
        # Only the app's own module is the build's business; what it fails to import is shown with its line.
        if error.name is not None and (name == error.name or name.startswith(error.name + ".")):
            raise no_such_module(name) from None
        raise
    return sys.modules[name]


def no_such_module(name):
    path = name.replace(".", "/")
    return BuildError(
        f"there is no module `{name}`: none of the app's folders has {path}.py or {path}/__init__.py; check the app's name "
        "and its paths"
    )


def guarded(work, sentence):
    """Run the app's code; its exceptions end the build with the sentence after what Python shows."""
    try:
        with undisturbed.interrupted():
            return work()
    except BaseException as exception:
        end(exception, sentence)


def end(exception, sentence):
    """End the build with an exception of the app, and the sentence after what Python shows of it."""
    if isinstance(exception, BuildError):
        raise exception
    if isinstance(exception, SystemExit):
        raise BuildError(f"{sentence}: {describe_exit(exception)}") from None
    reasons = (module.explain(exception) for module in (foreign, network, advice))
    show(exception, sentence + next(filter(None, reasons), ""))


def describe_exit(exit):
    traceback = without_own_frames(exit.__traceback__)
    place = ""
    while traceback is not None:
        place = f" at {traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return (
        f"sys.exit({exit.code!r}) was called{place} while the component was being built; a module must run to its end when "
        "it is imported"
    )

"""The build's side of the guest: imports the app, finds what it exports, and tidies up before the snapshot.

Nothing of this package is left in the component but finders of modules (`image.py`, `late.py`, and `workers.py` beside anyio and asgiref).
"""

from _ampoule import ending
from _ampoule.annotations import EndsAreNamed
from _ampoule.application import import_application
from _ampoule.exports import exported
from _ampoule.failure import BuildError
from _ampoule.late import import_what_comes_late
from _ampoule.lines import ready_tracebacks
from _ampoule.replaced import undisturbed
from _ampoule.search import extend_search_path
from _ampoule.workers import run_workers_in_place
from _ampoule.world import open_world, register_world

__all__ = ["BuildError", "held_files", "settle", "prepare", "tidy_up"]


def prepare(application, search_path, exit_on_exception, temporary_size):
    """Import the app and connect it with the world.

    `application` is the name of the app's module. `search_path` lists the folders of the image to import from, the
    bindings' folder first, so that stubs in the app's own folder do not stand in for the real bindings.
    `exit_on_exception` is whether an exception that escapes an export ends the instance by an exit and not by a trap.
    `temporary_size` is how many bytes the files in /tmp may have.
    """
    import _ampoule_runtime

    ready_tracebacks()
    extend_search_path(search_path)
    run_workers_in_place()
    world = open_world(application)
    _ampoule_runtime.exit_on_exception(exit_on_exception)
    _ampoule_runtime.limit_temporary_files(temporary_size)
    register_world(world)
    with EndsAreNamed(world):
        module = import_application(application)
        with undisturbed:
            _ampoule_runtime.register_exports(*exported(module, world))
    with undisturbed:
        import_what_comes_late()


def held_files():
    """The bytecode files that the component needs not, see `ending`."""
    with undisturbed:
        return ending.held_files()


def tidy_up():
    """Forget what was only true in the build."""
    with undisturbed:
        ending.tidy_up()


def settle():
    """Do once what would be the same in each instance."""
    with undisturbed:
        ending.settle()

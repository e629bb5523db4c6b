"""The world that the bindings were generated for."""

from _ampoule.application import end
from _ampoule.failure import BuildError, without_own_frames


def open_world(application):
    """The bindings' table, once it is clear that the app does not stand in its way."""
    import _ampoule_world as world

    if application == world.WORLD_MODULE:
        raise BuildError(
            f"the app's module and the world's module are both called `{application}`: rename the app's file, or give the "
            "world's module another name with --world-module"
        )
    return world


def register_world(world):
    """Hand the world over; packages with WIT of their own are imported for the classes in them."""
    import _ampoule_runtime

    try:
        _ampoule_runtime.register_world(world)
    except BaseException as exception:
        first = without_own_frames(exception.__traceback__)
        if first is None:
            raise
        name = first.tb_frame.f_globals.get("__name__")
        end(exception, f"the package `{name}`, which has WIT of its own, could not be imported")

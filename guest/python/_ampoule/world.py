"""The world that the bindings were generated for."""

from _ampoule.failure import BuildError


def open_world(application):
    """The bindings' table, once it is clear that the app does not stand in its way."""
    import _ampoule_world as world

    if application == world.WORLD_MODULE:
        raise BuildError(
            f"the app's module and the world's module are both called `{application}`: rename the app's file, or give the "
            "world's module another name with --world-module"
        )
    return world

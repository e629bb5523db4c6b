"""What compiled code of packages does: calls of functions of other types than Python's, in the build and later."""

import wrong


def arguments(name):
    """The arguments that the flags of a function of this name let it take."""
    kind = name.partition("_")[0]
    if kind in ("no", "exported", "silent"):
        return ()
    return ("x",) if kind in ("one", "number", "fast", "of") else ("x", "y")


def functions():
    return called(wrong)


def methods():
    return called(wrong.Thing())


def called(owner):
    names = [name for name in dir(owner) if not name.startswith("_") and callable(getattr(owner, name))]
    names = [name for name in names if name not in ("Thing", "number", "silent_failure")]
    # Often enough for the interpreter to specialise the calls.
    return {name: [getattr(owner, name)(*arguments(name)) for _ in range(50)][-1] for name in names}


def specialised():
    thing = wrong.Thing()
    for _ in range(100):
        found = (
            wrong.no_arguments_1(),
            wrong.one_1(0),
            wrong.one_3(0),
            wrong.fast_2(4, 5),
            wrong.fast_keywords_3(6, 7, x=1),
            thing.no_arguments_1(),
            thing.no_arguments_0(),
            thing.one_1(0),
            thing.fast_2(1),
            thing.fast_keywords_3(1, 2),
            thing.value,
        )
    return found


def attributes():
    thing = wrong.Thing()
    thing.value = 5
    first = thing.value
    thing.silent_value = 6
    return first, thing.value, thing.constant, thing(1, 2), failure(set_text, thing), failure(delete, thing)


def set_text(thing):
    thing.silent_value = "text"


def delete(thing):
    del thing.value


def failures():
    thing = wrong.Thing()
    return [failure(function) for function in (wrong.silent_failure, thing.silent_failure)], failure(wrong.number, 1.0)


def failure(function, *given):
    try:
        return function(*given)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def imported_late():
    import late

    return late.name(), late.imported()


def long_doubles():
    import wide

    return wide.read_and_written("0.1234567890123456789012345678")


BUILT = functions(), methods(), specialised(), attributes()


def of_the_build():
    return BUILT == (functions(), methods(), specialised(), attributes())


class WitWorld:
    def check(self, name: str) -> str:
        return str(globals()[name]())

"""Whether a method of the app takes what it is called with."""

from types import FunctionType

# As in `inspect`, which would stay in the component.
CO_VARARGS = 4
CO_COROUTINE = 128
CO_ASYNC_GENERATOR = 512


def misfit(owner, name, count, is_static):
    """Where a method stands and what is wrong with its parameters; None if it takes `count` arguments.

    Only a function in Python is looked at: what a decorator has put in its place may take anything.
    """
    found = next((vars(base)[name] for base in owner.__mro__ if name in vars(base)), None)
    function = found.__func__ if isinstance(found, (classmethod, staticmethod)) else found
    if not isinstance(function, FunctionType):
        return None
    # What Python puts before the arguments.
    bound = "cls" if isinstance(found, classmethod) else None if is_static or function is not found else "self"
    if takes(function, count + (bound is not None)):
        return None
    code = function.__code__
    parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    place = f"at {code.co_filename}:{code.co_firstlineno}"
    if bound and len(parameters) == count and bound not in parameters:
        return f"{place} lacks the parameter `{bound}`"
    return f"{place} takes ({', '.join(parameters)})"


def is_asynchronous(function):
    """Whether a function, bound or not, is itself an `async def`: what a decorator has put in its place may run it to its end."""
    function = getattr(function, "__func__", function)
    if not isinstance(function, FunctionType):
        return False
    return bool(function.__code__.co_flags & (CO_COROUTINE | CO_ASYNC_GENERATOR))


def takes(function, count):
    """Whether so many arguments, by their places, are neither too few nor too many."""
    code = function.__code__
    least = code.co_argcount - len(function.__defaults__ or ())
    named = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    if not set(named) <= set(function.__kwdefaults__ or ()):
        return False
    return least <= count and (count <= code.co_argcount or bool(code.co_flags & CO_VARARGS))

import wrapt
from wrapt import _wrappers


@wrapt.decorator
def twice(wrapped, instance, args, kwargs):
    return 2 * wrapped(*args, **kwargs)


class Counter:
    def __init__(self):
        self.count = 3

    @twice
    def get(self, more=0):
        return self.count + more


def check():
    assert wrapt.ObjectProxy is _wrappers.ObjectProxy or issubclass(wrapt.ObjectProxy, _wrappers.ObjectProxy)
    assert Counter().get() == 6 and Counter().get(more=1) == 8
    proxy = wrapt.ObjectProxy([1, 2])
    proxy += [3]
    assert proxy == [1, 2, 3] and isinstance(proxy, list) and proxy.__wrapped__ == [1, 2, 3]
    # Getters and setters, of which some take fewer parameters than CPython passes.
    proxy.__wrapped__ = (4,)
    assert proxy.__class__ is tuple and proxy.__doc__ == tuple.__doc__
    assert wrapt.ObjectProxy(check).__name__ == "check" and wrapt.ObjectProxy(check).__module__ == __name__

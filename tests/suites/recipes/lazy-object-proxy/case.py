import lazy_object_proxy
from lazy_object_proxy import cext


def check():
    assert lazy_object_proxy.Proxy is cext.Proxy
    made = []
    proxy = lazy_object_proxy.Proxy(lambda: made.append(1) or [1, 2, 3])
    assert not made
    assert proxy[1] == 2 and len(proxy) == 3 and proxy + [4] == [1, 2, 3, 4] and isinstance(proxy, list)
    assert made == [1]

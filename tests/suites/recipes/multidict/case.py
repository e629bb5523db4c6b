import multidict
from multidict import _multidict


def check():
    assert multidict.CIMultiDict is _multidict.CIMultiDict
    headers = multidict.CIMultiDict([("Accept", "a"), ("ACCEPT", "b"), ("Host", "c")])
    assert headers.getall("accept") == ["a", "b"] and headers["host"] == "c" and len(headers) == 3
    proxy = multidict.CIMultiDictProxy(headers)
    headers.extend({"x": "1"})
    assert list(proxy) == ["Accept", "Host", "x"] and "X" in proxy
    assert headers.popall("accept") == ["a", "b"] and "accept" not in headers
    assert multidict.istr("Host") == "Host"

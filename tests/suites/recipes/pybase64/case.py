import base64
import binascii

import pybase64
from pybase64 import _pybase64


def check():
    assert pybase64.b64encode is _pybase64.b64encode and "C extension active" in pybase64.get_version()
    for size in (*range(70), 10_000):
        data = bytes(at * 7 % 256 for at in range(size))
        text = pybase64.b64encode(data)
        assert text == base64.b64encode(data) and pybase64.b64decode(text, validate=True) == data
        assert pybase64.urlsafe_b64decode(pybase64.urlsafe_b64encode(memoryview(data))) == data
        assert pybase64.encodebytes(data) == base64.encodebytes(data)
    assert pybase64.b64encode(b"\xff\xfe", altchars=b"_:") == b"::4="
    assert pybase64.b64decode("::4=", "_:") == b"\xff\xfe"
    assert pybase64.b64encode_as_string(b"a") == "YQ==" and pybase64.b64decode(b"Y\nQ=!=") == b"a"
    assert isinstance(pybase64.b64decode_as_bytearray("YQ=="), bytearray)
    for wrong in (
        lambda: pybase64.b64decode("YQ=!", validate=True), lambda: pybase64.b64decode("YQ"),
        lambda: pybase64.b64encode("a"),
    ):
        try:
            wrong()
        except (binascii.Error, TypeError):
            continue
        raise AssertionError("it is not valid")

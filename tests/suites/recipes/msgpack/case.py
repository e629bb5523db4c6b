import datetime

import msgpack
from msgpack import _cmsgpack


def check():
    assert msgpack.Packer is _cmsgpack.Packer
    value = {"a": [1, -2, 2.5, None, True], "b": b"\0\xff", "c": {"d": "é" * 300}, "e": 2**63}
    assert msgpack.unpackb(msgpack.packb(value)) == value
    time = datetime.datetime(2026, 11, 29, 12, 30, tzinfo=datetime.timezone.utc)
    assert msgpack.unpackb(msgpack.packb(time, datetime=True), timestamp=3) == time
    unpacker = msgpack.Unpacker()
    unpacker.feed(msgpack.packb([1]) + msgpack.packb({"x": 2})[:-1])
    assert list(unpacker) == [[1]]
    try:
        msgpack.unpackb(b"\xc1")
    except msgpack.FormatError:
        return
    raise AssertionError("0xc1 is never used")

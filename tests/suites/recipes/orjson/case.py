import dataclasses
import datetime
import enum
import json
import uuid

import orjson


class Colour(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Point:
    x: float
    y: float
    colour: Colour = Colour.RED


def check():
    values = {
        "text": "zażółć \u2028 \U0001f600 \x01\"\\",
        "numbers": [0, -1, 2**63 - 1, -(2**63), 2**64 - 1, 0.1, 1e300, 5e-324, -0.0],
        "nested": [[[{"a": None, "b": True, "c": False}]]],
    }
    packed = orjson.dumps(values)
    assert orjson.loads(packed) == values == json.loads(packed)
    assert orjson.dumps(Point(1.5, 2)) == b'{"x":1.5,"y":2,"colour":"red"}'
    when = datetime.datetime(2024, 2, 29, 12, 30, 1, 500, datetime.timezone.utc)
    assert orjson.dumps([when, when.date(), when.time()]) == (
        b'["2024-02-29T12:30:01.000500+00:00","2024-02-29","12:30:01.000500"]')
    assert orjson.dumps(when, option=orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS) == b'"2024-02-29T12:30:01Z"'
    assert orjson.dumps(uuid.UUID(int=7)) == b'"00000000-0000-0000-0000-000000000007"'
    assert orjson.dumps({2: 1, 1: {"b": 1, "a": 2}}, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS) == (
        b'{"1":{"a":2,"b":1},"2":1}')
    assert orjson.dumps([1, {}], option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE) == b"[\n  1,\n  {}\n]\n"
    assert orjson.dumps({1, 2}, default=sorted) == b"[1,2]"
    assert orjson.dumps({"a": orjson.Fragment(b'{"b":1}')}) == b'{"a":{"b":1}}'
    assert orjson.loads(memoryview(b"[1.25]")) == [1.25] and orjson.loads('"\\ud83d\\ude00"') == "\U0001f600"
    deep = b"[" * 1000 + b"]" * 1000
    assert orjson.dumps(orjson.loads(b"[" * 200 + b"]" * 200)) == b"[" * 200 + b"]" * 200
    for wrong in b"[1,]", b"{", b"nul", b'"\xff"', b"01", deep + b"x":
        try:
            orjson.loads(wrong)
        except orjson.JSONDecodeError as error:
            assert isinstance(error, json.JSONDecodeError) and error.lineno == 1
            continue
        raise AssertionError(wrong)
    for wrong in object(), 2**64, {1: 2}, "\ud800", {1}:
        try:
            orjson.dumps(wrong)
        except orjson.JSONEncodeError:
            continue
        raise AssertionError(wrong)

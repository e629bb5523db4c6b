import datetime
import decimal
import enum
import uuid
from typing import Annotated, Literal

import msgspec


class Kind(enum.Enum):
    DRY = "dry"
    WET = "wet"


class Point(msgspec.Struct, frozen=True, order=True):
    x: float
    y: float = 0.0


class Circle(msgspec.Struct, tag="circle", forbid_unknown_fields=True):
    center: Point
    radius: Annotated[int, msgspec.Meta(gt=0, le=2**40)]


class Square(msgspec.Struct, tag="square", rename="camel", omit_defaults=True):
    side_length: int
    kind: Kind = Kind.DRY
    tags: set[str] = set()
    made: datetime.datetime | None = None


Shapes = list[Circle | Square]


def check():
    made = datetime.datetime(2024, 2, 29, 12, 0, 0, 500, datetime.timezone.utc)
    shapes = [Circle(Point(1.5), 2**33), Square(3, Kind.WET, {"é"}, made)]
    text = msgspec.json.encode(shapes)
    assert text == (
        b'[{"type":"circle","center":{"x":1.5,"y":0.0},"radius":8589934592},'
        b'{"type":"square","sideLength":3,"kind":"wet","tags":["\xc3\xa9"],"made":"2024-02-29T12:00:00.000500Z"}]')
    assert msgspec.json.decode(text, type=Shapes) == shapes
    packed = msgspec.msgpack.encode(shapes)
    assert msgspec.msgpack.decode(packed, type=Shapes) == shapes and len(packed) < len(text)
    assert msgspec.convert(msgspec.to_builtins(shapes), Shapes) == shapes
    values = {"f": 1e300, "g": 0.1, "i": -(2**63), "j": 2**64 - 1, "n": None, "s": "\u2028\n\"", "l": [1, [2]]}
    for format in msgspec.json, msgspec.msgpack:
        assert format.decode(format.encode(values)) == values
    unique = uuid.UUID(int=7)
    assert msgspec.json.encode([unique, decimal.Decimal("1.10")]) == b'["00000000-0000-0000-0000-000000000007","1.10"]'
    assert msgspec.json.decode(b'"P1DT1S"', type=datetime.timedelta) == datetime.timedelta(days=1, seconds=1)
    assert msgspec.json.format(b'{"a":[1]}', indent=1) == b'{\n "a": [\n  1\n ]\n}'
    assert msgspec.structs.replace(shapes[0], radius=1).radius == 1
    assert Point(1) < Point(2) and len({Point(1), Point(1)}) == 1
    assert msgspec.json.schema(Circle)["$defs"]["Circle"]["properties"]["radius"]["exclusiveMinimum"] == 0
    assert msgspec.json.decode(b"3", type=Literal[3, "x"]) == 3
    assert bytes(msgspec.json.decode(b'{"x":1,"y":[1,2,3]}', type=dict[str, msgspec.Raw])["y"]) == b"[1,2,3]"
    for wrong, reason in (
        (b'[{"type":"circle","center":{"x":1},"radius":0}]', "Expected `int` >= 1 - at `$[0].radius`"),
        (b'[{"type":"square","sideLength":"3"}]', "Expected `int`, got `str` - at `$[0].sideLength`"),
        (b'[{"type":"oval"}]', "Invalid value 'oval' - at `$[0].type`"),
        (b"[", "Input data was truncated"),
    ):
        try:
            msgspec.json.decode(wrong, type=Shapes)
        except msgspec.DecodeError as error:
            assert str(error) == reason, error
            continue
        raise AssertionError(reason)

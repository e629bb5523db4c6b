import datetime
import decimal
import uuid

import bson
import pymongo
from bson import _cbson, json_util, raw_bson
from bson.codec_options import CodecOptions, TypeCodec, TypeRegistry
from pymongo import _cmessage, errors, message


class Decimals(TypeCodec):
    python_type, bson_type = decimal.Decimal, bson.Decimal128

    def transform_python(self, value):
        return bson.Decimal128(value)

    def transform_bson(self, value):
        return value.to_decimal()


def check():
    assert bson.has_c() and pymongo.has_c() and message._cmessage is _cmessage
    assert bson.encode({"hello": "world"}) == b"\x16\0\0\0\x02hello\0\x06\0\0\0world\0\0"
    document = {
        "_id": bson.ObjectId("0123456789abcdef01234567"), "é": [1, 2**40, -1.5, None, True], "nested": {"a": {"b": []}},
        "at": datetime.datetime(2024, 2, 29, 12, 0, 0, 5_000), "raw": b"\0\xff", "pattern": bson.Regex("^a", "i"),
        "stamp": bson.Timestamp(7, 1), "code": bson.Code("f()", {"x": 1}), "least": bson.MinKey(),
        "price": bson.Decimal128("1.10"), "long": bson.Int64(5),
    }
    assert bson.decode(bson.encode(document)) == document
    assert bson._bson_to_dict is _cbson._bson_to_dict and bson._dict_to_bson is _cbson._dict_to_bson
    standard = bson.binary.UuidRepresentation.STANDARD
    options = CodecOptions(type_registry=TypeRegistry([Decimals()]), tz_aware=True, uuid_representation=standard)
    other = {
        "price": decimal.Decimal("2.50"), "id": uuid.UUID(int=7),
        "at": datetime.datetime(1969, 12, 31, 23, tzinfo=datetime.timezone.utc),
    }
    assert bson.decode(bson.encode(other, codec_options=options), codec_options=options) == other
    many = b"".join(bson.encode({"i": i}) for i in range(500))
    assert [each["i"] for each in bson.decode_all(many)] == list(range(500))
    assert json_util.loads(json_util.dumps(document)) == document
    assert raw_bson.RawBSONDocument(bson.encode(document))["nested"]["a"]["b"] == []
    _, packed, size, _ = message._op_msg(0, {"ping": 1, "$db": "admin"}, "admin", None, CodecOptions())
    assert int.from_bytes(packed[:4], "little") == len(packed) and packed[12:16] == (2013).to_bytes(4, "little"), size
    for wrong in (
        lambda: bson.decode(b"\x16\0\0\0\x02hello\0\x07\0\0\0world\0\0"), lambda: bson.encode({"a": object()}),
        lambda: bson.encode({1: 2}), lambda: bson.encode({"a": 2**63}), lambda: bson.ObjectId("x"),
    ):
        try:
            wrong()
        except (bson.errors.BSONError, OverflowError, errors.PyMongoError):
            continue
        raise AssertionError("it is no document")

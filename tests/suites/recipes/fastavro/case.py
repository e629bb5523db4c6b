import datetime
import decimal
import io

import fastavro
from fastavro import _read, _schema, _validation, _write, validation

SCHEMA = fastavro.parse_schema({
    "type": "record", "name": "Reading", "namespace": "case", "fields": [
        {"name": "station", "type": "string"},
        {"name": "time", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "values", "type": {"type": "array", "items": "double"}},
        {"name": "note", "type": ["null", "string"], "default": None},
        {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 8, "scale": 2}},
        {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["DRY", "WET"]}},
        {"name": "tags", "type": {"type": "map", "values": "long"}},
        {"name": "raw", "type": {"type": "fixed", "name": "Raw", "size": 3}},
    ],
})


def record(number):
    moment = datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.timezone.utc) + datetime.timedelta(milliseconds=number)
    return {
        "station": f"é {number}", "time": moment, "values": [number / 2, -1e300],
        "note": None if number % 2 else "even", "price": decimal.Decimal("-12.50"), "kind": "WET",
        "tags": {"a": 2**62, "b": -number}, "raw": b"abc",
    }


def check():
    assert fastavro.reader is _read.reader and fastavro.writer is _write.writer
    assert fastavro.parse_schema is _schema.parse_schema and fastavro.validate is _validation.validate
    records = [record(number) for number in range(200)]
    for codec in "null", "deflate", "bzip2", "xz":
        stream = io.BytesIO()
        fastavro.writer(stream, SCHEMA, records, codec=codec, sync_interval=500)
        stream.seek(0)
        reader = fastavro.reader(stream)
        assert list(reader) == records and reader.codec == codec and reader.writer_schema["name"] == "case.Reading"
    stream.seek(0)
    blocks = list(fastavro.block_reader(stream))
    assert len(blocks) > 1 and sum(block.num_records for block in blocks) == 200
    stream = io.BytesIO()
    fastavro.schemaless_writer(stream, SCHEMA, records[1])
    stream.seek(0)
    newer = {"type": "record", "name": "Reading", "namespace": "case", "fields": [
        {"name": "station", "type": "string"}, {"name": "height", "type": "int", "default": 7},
    ]}
    assert fastavro.schemaless_reader(stream, SCHEMA, newer) == {"station": "é 1", "height": 7}
    text = io.StringIO()
    fastavro.json_writer(text, SCHEMA, records[:3])
    text.seek(0)
    assert list(fastavro.json_reader(text, SCHEMA)) == records[:3]
    canonical = fastavro.schema.to_parsing_canonical_form("int")
    assert fastavro.schema.fingerprint(canonical, "CRC-64-AVRO") == "8f5c393f1ad57572"
    for wrong in (
        lambda: fastavro.validate({**records[0], "station": 1}, SCHEMA),
        lambda: fastavro.parse_schema({"type": "record", "name": "x", "fields": [{"name": "a", "type": "unknown"}]}),
        lambda: list(fastavro.reader(io.BytesIO(b"Obj\x02"))),
    ):
        try:
            wrong()
        except (validation.ValidationError, fastavro.schema.UnknownType, ValueError):
            continue
        raise AssertionError("it is not valid")

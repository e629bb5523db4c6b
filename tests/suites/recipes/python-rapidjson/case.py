import datetime
import decimal
import io
import uuid

import rapidjson


class Upper(rapidjson.Decoder):
    def string(self, text):
        return text.upper()


def check():
    value = {"a": [1, -2.5, 1e300, None, True, 2**70], "b": "é\n\"\u2028", "c": {}}
    assert rapidjson.loads(rapidjson.dumps(value)) == value
    assert rapidjson.dumps({"b": 1, "a": [0.1]}, indent=2, sort_keys=True) == '{\n  "a": [\n    0.1\n  ],\n  "b": 1\n}'
    assert rapidjson.dumps("é", ensure_ascii=True) == '"\\u00E9"'
    moment = datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.timezone.utc)
    many = [moment, uuid.UUID(int=7), decimal.Decimal("1.10")]
    modes = {
        "datetime_mode": rapidjson.DM_ISO8601, "uuid_mode": rapidjson.UM_CANONICAL, "number_mode": rapidjson.NM_DECIMAL,
    }
    text = rapidjson.dumps(many, **modes)
    assert text == '["2024-02-29T12:00:00+00:00","00000000-0000-0000-0000-000000000007",1.10]'
    assert rapidjson.loads(text, **modes) == many
    lenient = rapidjson.PM_COMMENTS | rapidjson.PM_TRAILING_COMMAS
    assert rapidjson.loads("[1, /* one */ 2, ]", parse_mode=lenient) == [1, 2]
    assert rapidjson.loads('{"a": "b"}', object_hook=lambda fields: list(fields.items())) == [("a", "b")]
    assert Upper()('["x", {"y": "z"}]') == ["X", {"y": "Z"}]
    stream = io.BytesIO()
    rapidjson.dump(list(range(1_000)), stream, chunk_size=64)
    stream.seek(0)
    assert rapidjson.load(stream, chunk_size=64) == list(range(1_000))
    validate = rapidjson.Validator('{"type": "object", "required": ["a"], "properties": {"a": {"minimum": 3}}}')
    validate('{"a": 3}')
    for wrong in (
        lambda: validate('{"a": 2}'), lambda: rapidjson.loads("[1,"), lambda: rapidjson.dumps({1, 2}),
        lambda: rapidjson.dumps(float("nan"), allow_nan=False),
    ):
        try:
            wrong()
        except (rapidjson.ValidationError, rapidjson.JSONDecodeError, TypeError, ValueError):
            continue
        raise AssertionError("it is not valid")

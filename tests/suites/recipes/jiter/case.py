import decimal
import json

import jiter


def check():
    values = {"a": [1, -2.5, 10**30, "é\u2028", None, True], "b": {"c": []}}
    text = json.dumps(values).encode()
    assert jiter.from_json(text) == values
    assert jiter.from_json(b'[1.10, 1e999]', float_mode="decimal") == [decimal.Decimal("1.10"), decimal.Decimal("1e999")]
    assert jiter.from_json(b'{"a": [1, 2, "thr', partial_mode=True) == {"a": [1, 2]}
    assert jiter.from_json(b'["a", "thr', partial_mode="trailing-strings") == ["a", "thr"]
    assert str(jiter.from_json(b"[1.10]", float_mode="lossless-float")[0]) == "1.10"
    assert jiter.from_json(b'{"x": "k", "y": "k"}', cache_mode="all") == {"x": "k", "y": "k"}
    jiter.cache_clear()
    assert jiter.cache_usage() == 0
    for wrong, reason in (
        (b"[1,]", "trailing comma at line 1 column 4"),
        (b'{"a" 1}', "expected `:` at line 1 column 6"),
        (b"[NaN]", "expected value at line 1 column 2"),
    ):
        try:
            jiter.from_json(wrong, allow_inf_nan=False)
        except ValueError as error:
            assert str(error) == reason, error
            continue
        raise AssertionError(wrong)
    try:
        jiter.from_json(b'{"a": 1, "a": 2}', catch_duplicate_keys=True)
    except ValueError as error:
        assert "duplicate key" in str(error).lower(), error
        return
    raise AssertionError

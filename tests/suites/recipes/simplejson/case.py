import decimal

import simplejson
from simplejson import encoder, scanner


def check():
    assert encoder.c_make_encoder and scanner.c_make_scanner
    text = '{"a": [1, 2.50, "x\\u00e9"], "b": null}'
    value = simplejson.loads(text, use_decimal=True)
    assert value == {"a": [1, decimal.Decimal("2.50"), "xé"], "b": None}
    assert simplejson.dumps(value) == text
    try:
        simplejson.loads('{"a": }')
    except simplejson.JSONDecodeError as error:
        assert error.pos == 6, error.pos
        return
    raise AssertionError("there is no value")

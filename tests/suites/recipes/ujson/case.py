import ujson


def check():
    value = {"a": [1, -2, 2.5, 1e300, None, True], "b": "é\n\"", "c": {}}
    assert ujson.loads(ujson.dumps(value)) == value
    assert ujson.dumps({"x": 0.1}, indent=2) == '{\n  "x": 0.1\n}'
    assert ujson.__version__ == "6.1.0"
    try:
        ujson.loads("[1,")
    except ujson.JSONDecodeError:
        return
    raise AssertionError("it ends too early")

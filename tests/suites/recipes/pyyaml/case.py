import yaml


def check():
    assert yaml.__with_libyaml__
    text = "a: [1, 2.5, x]\nb: &anchor\n  c: |\n    lines\n    é\nd: *anchor\n"
    value = yaml.load(text, Loader=yaml.CSafeLoader)
    assert value == {"a": [1, 2.5, "x"], "b": {"c": "lines\né\n"}, "d": {"c": "lines\né\n"}}
    again = yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True)
    assert yaml.load(again, Loader=yaml.CSafeLoader) == value
    try:
        yaml.load("a: [", Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        assert error.problem_mark.line == 1, error
        return
    raise AssertionError("the list has no end")

import pickle

import jsonschema
import referencing
from rpds import HashTrieMap, HashTrieSet, List, Queue, Stack

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": {"name": {"type": "string", "minLength": 2, "pattern": "^[a-ž]+$"}},
    "type": "object",
    "properties": {
        "name": {"$ref": "#/$defs/name"},
        "ages": {"type": "array", "items": {"type": "integer", "exclusiveMinimum": 0}, "uniqueItems": True},
        "when": {"format": "date"},
    },
    "required": ["name"],
    "additionalProperties": False,
}
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def check_collections():
    first = HashTrieMap({"a": 1, "b": 2})
    second = first.insert("c", 3).remove("a")
    assert dict(first) == {"a": 1, "b": 2} and dict(second) == {"b": 2, "c": 3} and second.get("z", 9) == 9
    assert HashTrieMap.convert({"x": 1}) == HashTrieMap(x=1) and len({first, HashTrieMap(a=1, b=2)}) == 1
    assert pickle.loads(pickle.dumps(second)) == second and "b" in repr(second)
    numbers = HashTrieSet([1, 2]).insert(3)
    assert numbers | HashTrieSet([4]) == HashTrieSet([1, 2, 3, 4]) and 2 in numbers and 2 not in numbers.discard(2)
    assert list(List([1, 2]).push_front(0)) == [0, 1, 2] and List([1, 2]).rest.first == 2
    assert list(Queue([1, 2]).enqueue(3).dequeue()) == [2, 3] and Stack([1]).push(2).peek() == 2
    try:
        first["z"]
    except KeyError as error:
        assert error.args == ("z",)
    else:
        raise AssertionError("a key that is not there")


def check_schemas():
    VALIDATOR.validate({"name": "žofie", "ages": [1, 2], "when": "2024-02-29"})
    errors = sorted(VALIDATOR.iter_errors({"name": "A", "ages": [0, 1, 1], "when": "2023-02-29", "x": 1}), key=str)
    assert sorted(error.validator for error in errors) == [
        "additionalProperties", "exclusiveMinimum", "format", "minLength", "pattern", "uniqueItems"], errors
    assert jsonschema.exceptions.best_match(VALIDATOR.iter_errors({})).message == "'name' is a required property"
    resource = referencing.Resource.from_contents({"$schema": SCHEMA["$schema"], "$id": "urn:a", "type": "integer"})
    registry = referencing.Registry().with_resource("urn:a", resource)
    jsonschema.Draft202012Validator({"$ref": "urn:a"}, registry=registry).validate(3)
    jsonschema.Draft7Validator.check_schema({"items": [{}]})


def check():
    check_collections()
    check_schemas()

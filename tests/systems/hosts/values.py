"""The values of a table of calls (tests/support/table.rs), as wasmtime-py has them, and back."""

import struct
from typing import Any, Set

from wasmtime.component import Record, Variant

INTEGERS = {"u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64"}
FLOATS = {"f32": ">f", "f64": ">d"}


def classes(kind: Any) -> Set[type]:
    """The Python classes of a type's values."""
    match kind:
        case None:
            return {object}
        case "bool":
            return {bool}
        case "f32" | "f64":
            return {float}
        case "char" | "string":
            return {str}
        case str():
            return {int}
        case {"list": "u8"}:
            return {bytes}
        case {"list": _}:
            return {list}
        case {"map": _}:
            return {dict}
        case {"record": _}:
            return {Record}
        case {"tuple": _}:
            return {tuple}
        case {"enum": _}:
            return {str}
        case {"flags": _}:
            return {set}
    if tagged(kind):
        return {Variant}
    return set().union(*(classes(payload) for payload in cases(kind).values()))


def cases(kind: Any) -> dict:
    match kind:
        case {"option": payload}:
            return {"none": None, "some": payload}
        case {"result": [ok, err]}:
            return {"ok": ok, "err": err}
        case {"variant": members}:
            return dict(members)
    raise TypeError(f"{kind} has no cases")


def tagged(kind: Any) -> bool:
    """Whether two cases have a class in common, so that a value needs a tag."""
    seen: Set[type] = set()
    for payload in cases(kind).values():
        case = classes(payload)
        if case & seen:
            return True
        seen |= case
    return False


def decode(kind: Any, json: Any) -> Any:
    """A value of the table in the form that wasmtime-py takes."""
    match kind:
        case "f32" | "f64":
            return struct.unpack(FLOATS[kind], bytes.fromhex(json))[0]
        case str():
            return int(json) if kind in INTEGERS else json
        case {"list": element}:
            items = [decode(element, item) for item in json]
            return bytes(items) if element == "u8" else items
        case {"map": [key, value]}:
            return {decode(key, one): decode(value, other) for one, other in json}
        case {"record": fields}:
            record = Record()
            for (name, field), item in zip(fields, json):
                setattr(record, name, decode(field, item))
            return record
        case {"tuple": elements}:
            return tuple(decode(element, item) for element, item in zip(elements, json))
        case {"enum": _}:
            return json
        case {"flags": _}:
            return set(json)
        case {"option": _}:
            case_name, payload = ("none", None) if json is None else ("some", json[0])
        case _:
            case_name, payload = json
    payload_kind = cases(kind)[case_name]
    value = None if payload_kind is None else decode(payload_kind, payload)
    return Variant(case_name, value) if tagged(kind) else value


def encode(kind: Any, value: Any) -> Any:
    """What wasmtime-py gave, in the form of the table."""
    match kind:
        case "f32" | "f64":
            return struct.pack(FLOATS[kind], value).hex()
        case "u64" | "s64":
            return str(value)
        case str() | {"enum": _}:
            return value
        case {"list": element}:
            return [encode(element, item) for item in value]
        case {"map": [key, item]}:
            return [[encode(key, one), encode(item, other)] for one, other in value.items()]
        case {"record": fields}:
            return [encode(field, getattr(value, name)) for name, field in fields]
        case {"tuple": elements}:
            return [encode(element, item) for element, item in zip(elements, value)]
        case {"flags": names}:
            return [name for name in names if name in value]
    if tagged(kind):
        name, value = value.tag, value.payload
    else:
        name = next(name for name, payload in cases(kind).items() if is_of(payload, value))
    payload_kind = cases(kind)[name]
    payload = None if payload_kind is None else encode(payload_kind, value)
    if "option" in kind:
        return None if name == "none" else [payload]
    return [name, payload]


def is_of(kind: Any, value: Any) -> bool:
    return value is None if kind is None else isinstance(value, tuple(classes(kind)))

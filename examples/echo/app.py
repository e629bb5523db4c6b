"""Sends every value that the host gives back to the host, by the import of the same name, and gives what comes back.

So each value crosses four times: into Python and out of it, by an export and by an import.
"""

from typing import Dict, List, Optional, Tuple

import wit_world
from componentize_py_types import Result, Some
from wit_world import Note, exports
from wit_world.exports import outward
from wit_world.imports import compounds, failures, inward, lists, maps, scalars
from wit_world.imports.compounds import Color, Permission, Person, Point, Shape, Sixteen, ThirtyTwo


class Scalars(exports.Scalars):
    def echo_bool(self, value: bool) -> bool:
        return scalars.echo_bool(value)

    def echo_u8(self, value: int) -> int:
        return scalars.echo_u8(value)

    def echo_u16(self, value: int) -> int:
        return scalars.echo_u16(value)

    def echo_u32(self, value: int) -> int:
        return scalars.echo_u32(value)

    def echo_u64(self, value: int) -> int:
        return scalars.echo_u64(value)

    def echo_s8(self, value: int) -> int:
        return scalars.echo_s8(value)

    def echo_s16(self, value: int) -> int:
        return scalars.echo_s16(value)

    def echo_s32(self, value: int) -> int:
        return scalars.echo_s32(value)

    def echo_s64(self, value: int) -> int:
        return scalars.echo_s64(value)

    def echo_f32(self, value: float) -> float:
        return scalars.echo_f32(value)

    def echo_f64(self, value: float) -> float:
        return scalars.echo_f64(value)

    def echo_char(self, value: str) -> str:
        return scalars.echo_char(value)

    def echo_string(self, value: str) -> str:
        return scalars.echo_string(value)

    def nothing(self) -> None:
        scalars.nothing()

    def echo_many(
        self, a: bool, b: int, c: int, d: int, e: int, f: int, g: int, h: int, i: int, j: float, k: float, l: str, m: str,
        n: bytes, o: Optional[int], p: Tuple[str, float],
    ) -> Tuple[
        bool, int, int, int, int, int, int, int, int, float, float, str, str, bytes, Optional[int], Tuple[str, float],
    ]:
        return scalars.echo_many(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)


class Lists(exports.Lists):
    def echo_bools(self, values: List[bool]) -> List[bool]:
        return lists.echo_bools(values)

    def echo_u8s(self, values: bytes) -> bytes:
        return lists.echo_u8s(values)

    def echo_u16s(self, values: List[int]) -> List[int]:
        return lists.echo_u16s(values)

    def echo_u32s(self, values: List[int]) -> List[int]:
        return lists.echo_u32s(values)

    def echo_u64s(self, values: List[int]) -> List[int]:
        return lists.echo_u64s(values)

    def echo_s8s(self, values: bytes) -> bytes:
        return lists.echo_s8s(values)

    def echo_s16s(self, values: List[int]) -> List[int]:
        return lists.echo_s16s(values)

    def echo_s32s(self, values: List[int]) -> List[int]:
        return lists.echo_s32s(values)

    def echo_s64s(self, values: List[int]) -> List[int]:
        return lists.echo_s64s(values)

    def echo_f32s(self, values: List[float]) -> List[float]:
        return lists.echo_f32s(values)

    def echo_f64s(self, values: List[float]) -> List[float]:
        return lists.echo_f64s(values)

    def echo_chars(self, values: List[str]) -> List[str]:
        return lists.echo_chars(values)

    def echo_strings(self, values: List[str]) -> List[str]:
        return lists.echo_strings(values)

    def echo_nested(self, values: List[List[str]]) -> List[List[str]]:
        return lists.echo_nested(values)

    def echo_pairs(self, values: List[Tuple[str, int]]) -> List[Tuple[str, int]]:
        return lists.echo_pairs(values)

    def echo_byte_strings(self, values: List[bytes]) -> List[bytes]:
        return lists.echo_byte_strings(values)

    def echo_optional_bools(self, values: List[Optional[bool]]) -> List[Optional[bool]]:
        return lists.echo_optional_bools(values)


class Compounds(exports.Compounds):
    def echo_point(self, value: Point) -> Point:
        return compounds.echo_point(value)

    def echo_person(self, value: Person) -> Person:
        return compounds.echo_person(value)

    def echo_people(self, values: List[Person]) -> List[Person]:
        return compounds.echo_people(values)

    def echo_shape(self, value: Shape) -> Shape:
        return compounds.echo_shape(value)

    def echo_shapes(self, values: List[Shape]) -> List[Shape]:
        return compounds.echo_shapes(values)

    def echo_color(self, value: Color) -> Color:
        return compounds.echo_color(value)

    def echo_colors(self, values: List[Color]) -> List[Color]:
        return compounds.echo_colors(values)

    def echo_permission(self, value: Permission) -> Permission:
        return compounds.echo_permission(value)

    def echo_sixteen(self, value: Sixteen) -> Sixteen:
        return compounds.echo_sixteen(value)

    def echo_thirty_two(self, value: ThirtyTwo) -> ThirtyTwo:
        return compounds.echo_thirty_two(value)

    def echo_size(self, value: int) -> int:
        return compounds.echo_size(value)

    def echo_single(self, value: Tuple[str]) -> Tuple[str]:
        return compounds.echo_single(value)

    def echo_tuple(self, value: Tuple[int, str, Point]) -> Tuple[int, str, Point]:
        return compounds.echo_tuple(value)

    def echo_option(self, value: Optional[str]) -> Optional[str]:
        return compounds.echo_option(value)

    def echo_nested_option(self, value: Optional[Some[Optional[int]]]) -> Optional[Some[Optional[int]]]:
        return compounds.echo_nested_option(value)

    def echo_deep_option(self, value: Optional[Some[Optional[Some[Optional[str]]]]]) -> Optional[Some[Optional[Some[Optional[str]]]]]:
        return compounds.echo_deep_option(value)

    def echo_option_result(self, value: Optional[Result[int, str]]) -> Optional[Result[int, str]]:
        return compounds.echo_option_result(value)

    def echo_results(self, values: List[Result[int, str]]) -> List[Result[int, str]]:
        return compounds.echo_results(values)

    def echo_unit_results(self, values: List[Result[None, None]]) -> List[Result[None, None]]:
        return compounds.echo_unit_results(values)


class Failures(exports.Failures):
    def echo_result(self, value: Result[int, str]) -> int:
        return failures.echo_result(value)

    def echo_ok_only(self, value: Result[str, None]) -> str:
        return failures.echo_ok_only(value)

    def echo_error_only(self, value: Result[None, failures.Problem]) -> None:
        return failures.echo_error_only(value)

    def echo_unit(self, value: Result[None, None]) -> None:
        return failures.echo_unit(value)

    def echo_mixed(self, value: Result[int, float]) -> int:
        return failures.echo_mixed(value)

    def echo_color(self, value: Result[Point, Color]) -> Point:
        return failures.echo_color(value)

    def echo_inner(self, value: Result[Result[int, str], Color]) -> Result[int, str]:
        return failures.echo_inner(value)


class Maps(exports.Maps):
    def echo_map(self, value: Dict[str, int]) -> Dict[str, int]:
        return maps.echo_map(value)

    def echo_points(self, value: Dict[int, Point]) -> Dict[int, Point]:
        return maps.echo_points(value)

    def echo_nested(self, value: Dict[str, Dict[str, List[str]]]) -> Dict[str, Dict[str, List[str]]]:
        return maps.echo_nested(value)


class Outward(exports.Outward):
    def echo_reply(self, value: outward.Reply) -> outward.Reply:
        match value:
            case outward.Reply_Accepted(number):
                ticket = inward.echo_ticket(inward.Ticket(number, compounds.Shape_Nothing()))
                return outward.Reply_Accepted(ticket.id)
            case outward.Reply_Refused(color):
                return outward.Reply_Refused(compounds.echo_color(color))
            case outward.Reply_Pending():
                return value
        raise TypeError(f"not a reply: {value}")

    def shout(self, messages: List[str]) -> int:
        for message in messages:
            wit_world.log(message.upper())
        return len(messages)


class WitWorld(wit_world.WitWorld):
    def echo_note(self, value: Note) -> Note:
        return wit_world.echo_note(value)

    def join(self, parts: List[str], separator: Optional[str]) -> str:
        return (", " if separator is None else separator).join(parts)

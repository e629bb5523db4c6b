"""Implements resources of its own, and uses the host's."""

import traceback
from typing import List, Optional, Tuple

import checks
import wit_world
from componentize_py_types import Err, Ok, Result, Some
from things import Thing
from wit_world import exports
from wit_world.exports import things as exported
from wit_world.imports import aliases, counters
from wit_world.imports import things as imported


class Things(exports.Things):
    def everywhere(
        self,
        one: exported.Owner,
        two: exported.Reader,
        three: exported.Mixed,
        four: Tuple[Thing, exported.Owner],
        five: Tuple[Thing],
        six: exported.Choice,
        seven: exported.Choice,
        eight: List[Thing],
        nine: List[Thing],
        ten: Optional[Thing],
        eleven: Optional[Thing],
        twelve: Result[Thing, None],
        thirteen: Result[str, Thing],
    ) -> imported.Plain:
        return imported.everywhere(
            imported.Owner(one.thing.inner),
            imported.Reader(two.thing.inner),
            imported.Mixed(three.lent.inner, three.owned.inner, three.count),
            (four[0].inner, imported.Owner(four[1].thing.inner)),
            (five[0].inner,),
            choice(six),
            choice(seven),
            [thing.inner for thing in eight],
            tuple(thing.inner for thing in nine),
            None if ten is None else ten.inner,
            None if eleven is None else eleven.inner,
            Ok(twelve.value.inner) if isinstance(twelve, Ok) else twelve,
            Err(thirteen.value.inner) if isinstance(thirteen, Err) else thirteen,
        )

    def back(self, text: str):
        owner, found, shelf, ten, twelve = imported.back(text)
        here = Thing.around(found.value) if isinstance(found, imported.Found_Here) else None
        return (
            exported.Owner(Thing.around(owner.thing)),
            exported.Found_Nowhere() if here is None else exported.Found_Here(here),
            [Thing.around(thing) for thing in shelf],
            None if ten is None else Some(None if ten.value is None else Thing.around(ten.value)),
            Ok(Thing.around(twelve.value))
            if isinstance(twelve, Ok)
            else Err(exported.Owner(Thing.around(twelve.value.thing))),
        )

    def fail(self, text: str) -> List[exported.Owner]:
        try:
            return [exported.Owner(Thing.around(owner.thing)) for owner in imported.fail(text)]
        except Err as error:
            raise Err(Thing.around(error.value))


def choice(value):
    match value:
        case exported.Choice_Owned(thing):
            return imported.Choice_Owned(thing.inner)
        case exported.Choice_Lent(thing):
            return imported.Choice_Lent(thing.inner)
        case _:
            return imported.Choice_Nothing()


class Aliases(exports.Aliases):
    def swap(self, a: Thing, b: exported.Owner) -> Tuple[Thing, exported.Owner]:
        first, second = aliases.swap(a.inner, imported.Owner(b.thing.inner))
        return Thing.around(first), exported.Owner(Thing.around(second.thing))


# The resources of the other exported interfaces stand here, in the app itself.
class Mark:
    pass


class Gauge:
    count = 0

    def __init__(self, level: float) -> None:
        self.own_level = level
        self.own_mark = Mark()
        Gauge.count += 1

    def __del__(self) -> None:
        Gauge.count -= 1

    def level(self) -> float:
        return self.own_level

    @staticmethod
    def living() -> int:
        return Gauge.count

    @classmethod
    def make(cls, level: float) -> "Gauge":
        if level < 0:
            raise Err(f"{level} is below zero")
        return cls(level)

    def mark(self) -> Mark:
        return self.own_mark

    def is_mine(self, mark: Mark) -> bool:
        return self.own_mark is mark


class Gauges(exports.Gauges):
    def __init__(self) -> None:
        self.kept: List[Gauge] = []

    def keep(self, gauge: Gauge) -> None:
        self.kept.append(gauge)

    def give(self) -> Optional[Gauge]:
        return self.kept.pop() if self.kept else None


class Handle:
    def __init__(self, text: str) -> None:
        self.own_text = text

    def text(self) -> str:
        return self.own_text


class WitWorld(wit_world.WitWorld):
    def __init__(self) -> None:
        self.lent: List[wit_world.Token] = []

    def pass_token(self, token: wit_world.Token) -> wit_world.Token:
        return token

    def read_token(self, token: wit_world.Token) -> str:
        for former in self.lent:
            checks.refuses(former.name, "lent")
        self.lent = [token]
        return token.name()

    def checks(self) -> List[str]:
        return list(checks.CHECKS)

    def check(self, name: str) -> None:
        try:
            checks.CHECKS[name]()
        except BaseException:
            raise Err(traceback.format_exc())

    def churn(self, count: int) -> None:
        for number in range(count):
            with counters.Counter(number):
                pass
            counters.Counter(number).add(1)

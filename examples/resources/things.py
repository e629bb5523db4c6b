"""The resources of the exported interface `things`: each thing wraps one of the host's."""

from typing import Optional, Self

from wit_world.exports import things
from wit_world.imports.things import Thing as HostThing


class Thing(things.Thing):
    def __init__(self, text: str) -> None:
        self.inner = HostThing(text + " made")

    def get(self) -> str:
        return self.inner.get() + " got"

    def set(self, text: str) -> None:
        self.inner.set(text + " set")

    @classmethod
    def join(cls, a: Self, b: Self) -> Self:
        return cls.around(HostThing.join(a.inner, b.inner))

    def twin(self, really: bool) -> Optional[Self]:
        return self if really else None

    def same(self, other: Self) -> bool:
        return self is other

    @classmethod
    def around(cls, inner: HostThing) -> Self:
        """A thing around one that the host gave."""
        thing = cls.__new__(cls)
        thing.inner = inner
        return thing

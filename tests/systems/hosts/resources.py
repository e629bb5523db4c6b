"""The example resources: the host's own resources, the component's checks of them, and the component's resources."""

from typing import Any, Callable, Dict

from wasmtime.component import Linker, Record, ResourceHost, ResourceType, Variant

COUNTER, METER, THING, TOKEN = range(4)
COUNTERS = "example:resources/counters"
THINGS = "example:resources/things"
GAUGES = "example:resources/gauges"


class Host:
    """What the host keeps: a value for each representation of each resource."""

    def __init__(self) -> None:
        self.kept: Dict[int, Dict[int, Any]] = {kind: {} for kind in range(4)}
        self.last = 0

    def make(self, kind: int, value: Any) -> ResourceHost:
        self.last += 1
        self.kept[kind][self.last] = value
        return ResourceHost.own(self.last, kind)

    def value(self, store, handle) -> Any:
        """The value of what is lent, or of what the host owns from now on: that is gone afterwards."""
        owned = handle.owned
        host = handle.to_host(store)
        kept = self.kept[host.type]
        return kept.pop(host.rep) if owned else kept[host.rep]

    def change(self, store, handle, change: Callable[[Any], Any]) -> Any:
        host = handle.to_host(store)
        value = self.kept[host.type][host.rep] = change(self.kept[host.type][host.rep])
        return value

    def living(self, *kinds: int) -> int:
        return sum(len(self.kept[kind]) for kind in kinds)

    def define(self, linker: Linker) -> None:
        """The imports of the world."""
        with linker.root() as root:
            self.resource(root, "token", TOKEN)
            self.functions(
                root,
                {
                    "[constructor]token": lambda store, name: self.make(TOKEN, name),
                    "[method]token.name": self.value,
                    "[static]token.mint": lambda store, count: [self.make(TOKEN, str(n)) for n in range(count)],
                    "spend": lambda store, token: f"spent {self.value(store, token)}",
                },
            )
            with root.add_instance(COUNTERS) as counters:
                self.counters(counters)
            with root.add_instance(THINGS) as things:
                self.things(things)
            with root.add_instance("example:resources/aliases") as aliases:
                aliases.add_func("swap", lambda store, a, b: (b.thing, record(thing=a)))

    def resource(self, instance, name: str, kind: int) -> None:
        instance.add_resource(name, ResourceType.host(kind), lambda store, rep: self.kept[kind].pop(rep))

    def functions(self, instance, functions: Dict[str, Any]) -> None:
        for name, function in functions.items():
            instance.add_func(name, function)

    def counters(self, instance) -> None:
        self.resource(instance, "counter", COUNTER)
        self.resource(instance, "meter", METER)

        def parse(store, text: str) -> Variant:
            if not text.isdecimal():
                return f"{text} is no number"
            return self.make(COUNTER, int(text))

        value, make = self.value, self.make
        self.functions(
            instance,
            {
                "[constructor]counter": lambda store, start: make(COUNTER, start),
                "[method]counter.value": value,
                "[method]counter.add": lambda store, counter, by: self.change(store, counter, lambda number: number + by),
                "[static]counter.join": lambda store, a, b: make(COUNTER, value(store, a) + value(store, b)),
                "[static]counter.parse": parse,
                "[method]meter.show": lambda store, meter: str(value(store, meter)),
                "watch": lambda store, counter: make(METER, value(store, counter)),
                "sum": lambda store, counters: sum(value(store, counter) for counter in counters),
                "living": lambda store: self.living(COUNTER, METER),
            },
        )

    def things(self, instance) -> None:
        self.resource(instance, "thing", THING)

        def thing(text: str) -> ResourceHost:
            return self.make(THING, text)

        def back(store, text: str):
            one, two, three, four, five, six = (thing(f"{text}{number}") for number in range(1, 7))
            return record(thing=one), two, [three, four], Variant("some", five), record(thing=six)

        value = self.value
        self.functions(
            instance,
            {
                "[constructor]thing": lambda store, text: thing(text),
                "[method]thing.get": value,
                "[method]thing.set": lambda store, one, text: self.change(store, one, lambda _: text) and None,
                "[method]thing.twin": lambda store, one, really: thing(value(store, one)) if really else None,
                "[method]thing.same": lambda store, one, other: one.to_host(store).rep == other.to_host(store).rep,
                "[static]thing.join": lambda store, a, b: thing(f"{value(store, a)} and {value(store, b)}"),
                "everywhere": self.everywhere,
                "back": back,
                "fail": lambda store, text: thing(text) if text else [record(thing=thing("fine"))],
            },
        )

    def everywhere(self, store, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen):
        found = [one.thing, two.thing, three.lent, three.owned, four[0], four[1].thing, *five]
        found += [six.payload, seven.payload, *eight, *nine, ten, eleven, twelve, thirteen]
        return record(text=" ".join(self.value(store, thing) for thing in found))


def record(**fields: Any) -> Record:
    made = Record()
    made.__dict__.update(fields)
    return made


def run(instance_of, compare) -> Dict[str, Any]:
    """Gives how many expectations there were, and a line for each that failed."""
    host = Host()
    instance = instance_of("resources", host.define)
    call, store = instance.call, instance.store
    pairs = [((name, call(None, "check", name)), (name, None)) for name in call(None, "checks")]

    def text(thing) -> str:
        found = call(THINGS, "[method]thing.get", thing)
        thing.drop(store)
        return found

    one, other = (call(THINGS, "[constructor]thing", name) for name in "ab")
    call(THINGS, "[method]thing.set", one, "c")
    pairs.append((call(THINGS, "[method]thing.twin", one, False), None))
    pairs.append((text(call(THINGS, "[static]thing.join", one, other)), "c set and b made got"))
    owner, found, shelf, ten, twelve = call(THINGS, "back", "n")
    texts = [text(thing) for thing in (owner.thing, found, *shelf, ten.payload, twelve.thing)]
    pairs.append((texts, [f"n{number} got" for number in range(1, 7)]))
    pairs.append((text(call(THINGS, "fail", "broken")), "broken got"))
    pairs.append((text(call(THINGS, "fail", "")[0].thing), "fine got"))
    gauges(call, store, pairs)
    token = host.make(TOKEN, "lent")
    passed = call(None, "pass-token", token)
    pairs.append((host.value(store, passed), "lent"))
    handle = call("inline", "[constructor]handle", "text")
    pairs.append((call("inline", "[method]handle.text", handle), "text"))
    handle.drop(store)
    pairs.append((host.living(COUNTER, METER, THING, TOKEN), 0))
    return compare(*pairs)


def gauges(call, store, pairs) -> None:
    first = call(GAUGES, "[constructor]gauge", 1.5)
    second = call(GAUGES, "[static]gauge.make", 2.5)
    pairs.append((call(GAUGES, "[static]gauge.make", -1.0), "-1.0 is below zero"))
    pairs.append((call(GAUGES, "[method]gauge.level", first), 1.5))
    mark = call(GAUGES, "[method]gauge.mark", first)
    pairs.append((call(GAUGES, "[method]gauge.is-mine", first, mark), True))
    call(GAUGES, "keep", first)
    second.drop(store)
    pairs.append((call(GAUGES, "[static]gauge.living"), 1))
    call(GAUGES, "give").drop(store)
    pairs.append((call(GAUGES, "give"), None))
    mark.drop(store)
    pairs.append((call(GAUGES, "[static]gauge.living"), 0))

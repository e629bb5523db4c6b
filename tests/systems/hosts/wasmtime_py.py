"""Runs the components in wasmtime-py; prints the result as JSON in its last line."""

import json
import time
from typing import Any, Callable, Dict, List, Optional

import resources
from values import decode, encode
from wasmtime import Config, Engine, Store, Trap, WasiConfig, WasmtimeError
from wasmtime.component import Component, Linker

config = Config()
config.wasm_component_model_map = True
ENGINE = Engine(config)


class Instance:
    """A component with WASI, unless the host has nothing."""

    def __init__(self, name: str, define: Optional[Callable[[Linker], None]] = None, wasi: bool = True) -> None:
        self.store = Store(ENGINE)
        linker = Linker(ENGINE)
        if wasi:
            linker.add_wasip2()
            surroundings = WasiConfig()
            surroundings.env = [("GREETING", "Grüße 🐍")]
            surroundings.inherit_stdout()
            surroundings.inherit_stderr()
            self.store.set_wasi(surroundings)
        if define is not None:
            define(linker)
        self.instance = linker.instantiate(self.store, Component.from_file(ENGINE, f"out/{name}.wasm"))

    def call(self, interface: Optional[str], name: str, *arguments: Any) -> Any:
        parent = None if interface is None else self.instance.get_export_index(self.store, interface)
        index = self.instance.get_export_index(self.store, name, parent)
        function = self.instance.get_func(self.store, index)
        return function(self.store, *arguments)


def compare(*pairs) -> Dict[str, Any]:
    differences = [f"expected {expected!r}, found {found!r}" for found, expected in pairs if found != expected]
    return {"calls": len(pairs), "differences": differences}


def echo(table: List[Dict[str, Any]]) -> Dict[str, Any]:
    """All calls but those with maps, which wasmtime-py has no Python values for."""
    log: List[str] = []

    def give_back(store, *values):
        return values if len(values) > 1 else values[0] if values else None

    def define(linker: Linker) -> None:
        functions: Dict[Optional[str], set] = {"inward": {"echo-ticket"}}
        for call in table:
            functions.setdefault(call["interface"], set()).add(call["function"])
        with linker.root() as root:
            root.add_func("log", lambda store, message: log.append(message))
            for name in functions.pop(None):
                root.add_func(name, give_back)
            for interface, names in functions.items():
                with root.add_instance(interface) as instance:
                    for name in names:
                        instance.add_func(name, give_back)

    instance = Instance("echo", define)
    result = compare()
    for call in (call for call in table if "maps" not in (call["interface"] or "")):
        arguments = [decode(kind, value) for kind, value in zip(call["parameters"], call["arguments"])]
        value = instance.call(call["interface"], call["function"], *arguments)
        found = None if call["result"] is None else encode(call["result"], value)
        given = call["arguments"]
        expected = given if len(given) > 1 else given[0] if given else None
        result["calls"] += 1
        if found != expected:
            result["differences"].append(f"{call['function']}: gave {str(expected)[:200]}, got {str(found)[:200]}")
    own = compare(
        (instance.call(None, "join", ["a", "蛇"], None), "a, 蛇"),
        (instance.call("outward", "shout", ["zwölf 🐍"]), 1),
        (log, ["ZWÖLF 🐍"]),
    )
    return {"calls": result["calls"] + own["calls"], "differences": result["differences"] + own["differences"]}


def hello() -> Dict[str, Any]:
    instance = Instance("hello")
    return compare(*((instance.call(None, "greet", name), f"Hello, {name}!") for name in ("world", "", "🐍")))


def extension() -> Dict[str, Any]:
    instance = Instance("extension")
    counted = [(count.word, count.times) for count in instance.call(None, "count", "the cat and the other cat")]
    return compare((counted, [("cat", 2), ("other", 1)]), (instance.call(None, "escape", "<b>"), "&lt;b&gt;"))


def surroundings() -> Dict[str, Any]:
    instance = Instance("surroundings")
    wall, monotonic = instance.call(None, "now")
    instance.call(None, "say", "Grüße 🐍")
    pairs = [
        (instance.call(None, "variable", "GREETING"), "Grüße 🐍"),
        (instance.call(None, "variable", "NO_SUCH_VARIABLE"), None),
        (abs(wall - time.time()) < 600, True),
        (instance.call(None, "now")[1] >= monotonic >= 0, True),
        (len(instance.call(None, "random", 1000)), 1000),
    ]
    try:
        instance.call(None, "fail", "nobody catches this")
        pairs.append(("no trap", "a trap"))
    except (Trap, WasmtimeError):
        pairs.append(("a trap", "a trap"))
    return compare(*pairs)


def throwing() -> Dict[str, Any]:
    instance = Instance("throwing")
    expected = {
        "built caught map": "inner outer map::at:  key not found",
        "caught map": "inner outer map::at:  key not found",
        "caught number": "inner outer 42",
        "across custom": "Custom of the app's own",
        "across vector": "std::out_of_range vector",
        "jumped 7": "108",
    }
    return compare(*((instance.call(None, "check", name), value) for name, value in expected.items()))


def without_wasi() -> Dict[str, Any]:
    instance = Instance("without-wasi", wasi=False)
    missing = "OSError: [Errno 52] Function not implemented"
    expected = {
        "wall_clock": missing,
        "printing": "printed",
        "file_inside": "inside",
        "late_import": "imported late",
        "exception": "ValueError: raised",
    }
    return compare(*((instance.call(None, "check", name), value) for name, value in expected.items()))


def asynchronous() -> Dict[str, Any]:
    """Nothing asynchronous can be given or called: wasmtime-py says so."""

    def define(linker: Linker) -> None:
        with linker.root() as root, root.add_instance("example:asynchronous/thermometers") as thermometers:
            thermometers.add_func("measure", lambda store, place: 0.0)

    def say_nothing(linker: Linker) -> None:
        linker.define_unknown_imports_as_traps(Component.from_file(ENGINE, "out/asynchronous.wasm"))

    return compare(
        ("this import is declared `async func` in WIT" in refused(define), True),
        ("requires that `*_async` functions are used" in refused(say_nothing), True),
    )


def refused(define: Callable[[Linker], None]) -> str:
    try:
        Instance("asynchronous", define).call(None, "alarm", 0.0)
    except WasmtimeError as error:
        return str(error)
    return ""


with open("table.json", encoding="utf-8") as file:
    TABLE = json.load(file)
RESULT = {
    "asynchronous": asynchronous(),
    "hello": hello(),
    "echo": echo(TABLE),
    "extension": extension(),
    "resources": resources.run(Instance, compare),
    "surroundings": surroundings(),
    "throwing": throwing(),
    "without-wasi": without_wasi(),
}
print(json.dumps(RESULT))

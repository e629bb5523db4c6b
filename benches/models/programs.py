"""What pydantic validates and writes, each by itself: the best of five times, in milliseconds."""

import datetime
import enum
import json
import time

from pydantic import BaseModel, Field

ROUNDS = 5


class Kind(enum.Enum):
    BOOK = "book"
    PEN = "pen"


class Item(BaseModel):
    name: str = Field(min_length=1)
    price: float = Field(gt=0)
    kind: Kind
    tags: list[str] = []


class Order(BaseModel):
    id: int
    made: datetime.datetime
    items: list[Item]


def text(count):
    items = [{"name": f"item {number}", "price": number + 0.5, "kind": "pen", "tags": ["a", "b"]} for number in range(count)]
    return json.dumps({"id": 1, "made": "2024-02-29T12:00:00Z", "items": items})


TEXT = text(2)


def best(act, times=1):
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(times):
            act()
        found.append(time.perf_counter() - start)
    return min(found) * 1e3


def measured():
    large = text(1000)
    plain = json.loads(large)
    order = Order.model_validate(plain)
    acts = {
        "validate_json of 1,000 items": lambda: Order.model_validate_json(large),
        "validate of 1,000 items": lambda: Order.model_validate(plain),
        "dump_json of 1,000 items": lambda: order.model_dump_json(),
        "dump of 1,000 items": lambda: order.model_dump(),
    }
    figures = {name: best(act) for name, act in acts.items()}
    figures["1,000 times validate_json of 2 items"] = best(lambda: Order.model_validate_json(TEXT), 1000)
    figures["1,000 times Item(...)"] = best(lambda: Item(name="a", price=1, kind="pen"), 1000)
    return figures

// The programs that the page offers.

const hello = `import sys

name = "world"
print(f"Hello, {name}!")
print("This is", sys.implementation.name, "for", sys.platform)

# The value of the last line is shown, with its type.
[n * n for n in range(10)]
`;

const records = `import json
from dataclasses import asdict, dataclass
from datetime import date


@dataclass
class Person:
    name: str
    born: date

    @property
    def age(self) -> int:
        return date.today().year - self.born.year


people = [
    Person("Ada", date(1815, 12, 10)),
    Person("Grace", date(1906, 12, 9)),
]
records = [asdict(person) for person in people]
print(json.dumps(records, default=str, indent=2))

max(people, key=lambda person: person.age)
`;

const generators = `from collections.abc import Iterator
from itertools import count, islice, takewhile


def primes() -> Iterator[int]:
    found: list[int] = []
    for number in count(2):
        small = takewhile(lambda prime: prime**2 <= number, found)
        if all(number % prime for prime in small):
            found.append(number)
            yield number


for place, prime in enumerate(islice(primes(), 12), start=1):
    print(f"{place:>2}. {prime:>3} {'▮' * prime}")

next(islice(primes(), 2_000, None))
`;

const traceback = `def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def report(readings: dict[str, list[float]]) -> None:
    for place, values in readings.items():
        try:
            print(f"{place}: {mean(values):.1f} °C")
        except ZeroDivisionError as error:
            raise ValueError(f"no reading in {place}") from error


report({"Oslo": [4.5, 5.1], "Atlantis": []})
`;

const values = `from collections import Counter
from fractions import Fraction
from statistics import mean

dice = [Fraction(face) for face in range(1, 7)]
sums = Counter(int(one + other) for one in dice for other in dice)

for total, times in sorted(sums.items()):
    print(f"{total:>2} {Fraction(times, 36)!s:>5} {'●' * times}")

# Exact, and of another type than a number of JavaScript.
mean(dice) ** 20
`;

const concurrency = `import asyncio
import time


async def brew(drink: str, seconds: float) -> str:
    print(f"{drink} is on its way")
    await asyncio.sleep(seconds)
    print(f"{drink} is ready")
    return drink


async def main() -> list[str]:
    return await asyncio.gather(
        brew("coffee", 0.6), brew("tea", 0.3), brew("water", 0.1)
    )


start = time.perf_counter()
served = asyncio.run(main())
print(f"{len(served)} drinks in {time.perf_counter() - start:.1f} s")
served
`;

const endless = `import time
from itertools import count

# It ends when you press Stop.
for n in count(1):
    print(n, "sheep")
    time.sleep(0.5)
`;

/** Each with its title. */
export const EXAMPLES = [
  { title: "Hello", source: hello },
  { title: "Dataclasses and JSON", source: records },
  { title: "Generators", source: generators },
  { title: "A value with its type", source: values },
  { title: "A traceback", source: traceback },
  { title: "asyncio", source: concurrency },
  { title: "Without end", source: endless },
];

"""What pandas computes, each by itself: the best of five times, in milliseconds."""

import io
import time

import numpy
import pandas

ROUNDS = 5
ROWS = 100_000


def best(act):
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return min(times) * 1e3


def measured():
    generator = numpy.random.default_rng(1)
    keys, values = generator.integers(0, 1000, ROWS), generator.standard_normal(ROWS)
    text = "key,value\n" + "".join(f"{key},{value:.6f}\n" for key, value in zip(keys, values))
    frame = pandas.DataFrame({"key": keys, "value": values})
    names = pandas.DataFrame({"key": numpy.arange(1000), "name": [f"name {number}" for number in range(1000)]})
    acts = {
        "read_csv of 100,000 rows": lambda: pandas.read_csv(io.StringIO(text)),
        "groupby of 100,000 rows": lambda: frame.groupby("key")["value"].mean(),
        "merge of 100,000 rows": lambda: frame.merge(names, on="key"),
    }
    return {name: best(act) for name, act in acts.items()}

"""What numpy computes, each by itself: the best of five times, in milliseconds."""

import time

import numpy

ROUNDS = 5


def best(act):
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return min(times) * 1e3


def measured():
    generator = numpy.random.default_rng(1)
    left, right = generator.standard_normal((2, 256, 256))
    wave = generator.standard_normal(1 << 18)
    numbers = generator.standard_normal(1_000_000)
    integers = generator.integers(0, 1 << 40, 1_000_000)
    acts = {
        "matmul of 256 x 256": lambda: left @ right,
        "solve of 256 x 256": lambda: numpy.linalg.solve(left, right),
        "fft of 2^18": lambda: numpy.fft.fft(wave),
        "sort of 1e6 floats": lambda: numpy.sort(numbers),
        "argsort of 1e6 floats": lambda: numpy.argsort(numbers),
        "sort of 1e6 integers": lambda: numpy.sort(integers),
        "sum of 1e6": lambda: numbers.sum(),
        "add of 1e6": lambda: numbers + numbers,
    }
    return {name: best(act) for name, act in acts.items()}

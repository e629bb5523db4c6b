"""Programs that each keep one part of the interpreter busy for some ten milliseconds.

As a script: for each name on a line of stdin, runs the program and prints its CPU time in nanoseconds and its result.
"""

import hashlib
import heapq
import itertools
import json
import pickle
import re
import struct
import sys
import time

ALL = {}


def program(function):
    ALL[function.__name__] = function
    return function


def run(name):
    return repr(ALL[name]())


@program
def nbody():
    bodies = [([i * 1.5, i * 0.5, i * 0.25], [0.1 * i, 0.2, -0.1 * i], 1.0 + i) for i in range(5)]
    pairs = list(itertools.combinations(bodies, 2))
    for _ in range(400):
        for (p, v, m), (q, w, n) in pairs:
            dx, dy, dz = p[0] - q[0], p[1] - q[1], p[2] - q[2]
            force = 0.001 * (dx * dx + dy * dy + dz * dz) ** -1.5
            for axis, distance in enumerate((dx, dy, dz)):
                v[axis] -= distance * n * force
                w[axis] += distance * m * force
        for p, v, _ in bodies:
            p[0] += 0.001 * v[0]
            p[1] += 0.001 * v[1]
            p[2] += 0.001 * v[2]
    return round(sum(p[0] for p, _, _ in bodies), 9)


@program
def fannkuch():
    most = 0
    for order in itertools.permutations(range(7)):
        order = list(order)
        flips = 0
        while first := order[0]:
            order[: first + 1] = order[first::-1]
            flips += 1
        most = max(most, flips)
    return most


class Task:
    def __init__(self, name, work, target):
        self.name = name
        self.work = work
        self.target = target
        self.inbox = []

    def step(self, tasks):
        if self.inbox:
            packet = self.inbox.pop()
            self.work += packet
        self.work -= 1
        if self.work % 3 == 0:
            tasks[self.target].inbox.append(self.work & 1)
        return self.work > 0


@program
def scheduler():
    """What richards does: tasks of an operating system that send one another packets."""
    tasks = [Task(str(i), 2000 + 10 * i, (i * 7 + 3) % 10) for i in range(10)]
    ready, steps = list(tasks), 0
    while ready and steps < 30000:
        ready = [task for task in ready if task.step(tasks)]
        steps += len(ready)
    return steps


class Variable:
    def __init__(self, value):
        self.value = value
        self.readers = []


class Scale:
    def __init__(self, source, target, factor, offset):
        self.source, self.target, self.factor, self.offset = source, target, factor, offset
        source.readers.append(self)

    def execute(self):
        self.target.value = self.source.value * self.factor + self.offset


@program
def constraints():
    """What deltablue does: a change runs along a chain of constraints, in the order of a plan."""
    variables = [Variable(i) for i in range(200)]
    for left, right in zip(variables, variables[1:]):
        Scale(left, right, 1, 1)
    for round_ in range(100):
        variables[0].value = round_
        plan, todo = [], [variables[0]]
        while todo:
            for constraint in todo.pop().readers:
                plan.append(constraint)
                todo.append(constraint.target)
        for constraint in plan:
            constraint.execute()
    return variables[-1].value


@program
def json_text():
    document = [{"id": i, "name": f"item {i}", "tags": ["a", "b", None, True], "price": i * 1.25} for i in range(600)]
    for _ in range(3):
        document = json.loads(json.dumps(document))
    return len(json.dumps(document, indent=1))


@program
def regular_expressions():
    text = " ".join(f"user{i}@host{i % 7}.example, +49-{i}-{i * 3} 2024-0{i % 9 + 1}-1{i % 9}" for i in range(400))
    mails = re.findall(r"([\w.]+)@((?:\w+\.)+\w+)", text)
    dates = re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\3.\2.\1", text)
    return len(mails), len(dates), len(re.split(r"[,\s]+", text))


@program
def strings():
    words = [f"word{i}" for i in range(3000)]
    text = " ".join(words).upper().replace("WORD", "term ").title()
    parts = [part.strip("T").center(12, "*") for part in text.split()]
    return len("".join(parts)), text.count("er"), text.find("2999"), sum(part.startswith("*") for part in parts)


@program
def formatting():
    return sum(len(f"{i:>8d}|{i / 7:.3f}|{i!r:<6}|{'%05x' % i}|{'{:,}'.format(i * 1000)}") for i in range(6000))


@program
def dictionaries():
    counts = {}
    for i in range(30000):
        key = (i * 7919) % 1009
        counts[key] = counts.get(key, 0) + 1
    by_name = {f"key{key}": value for key, value in counts.items()}
    return sum(by_name[f"key{i}"] for i in range(1009))


@program
def sets():
    fives, sevens = set(range(0, 60000, 5)), set(range(0, 60000, 7))
    return len(fives & sevens), len(fives | sevens), len(fives ^ sevens), sum(1 for i in range(20000) if i in fives)


@program
def pickling():
    value = [{"point": (i, i / 2), "name": f"n{i}", "set": {i, i + 1}} for i in range(2000)]
    for _ in range(3):
        value = pickle.loads(pickle.dumps(value))
    return len(value)


@program
def sha256():
    digest = b"ampoule"
    for _ in range(3000):
        digest = hashlib.sha256(digest * 8).digest()
    return hashlib.sha256(bytes(500000) + digest).hexdigest()


@program
def sorting():
    numbers = [(i * 7919 + 13) % 20011 for i in range(20000)]
    by_digits = sorted(numbers, key=lambda number: (number % 10, number))
    return sorted(numbers)[100], by_digits[100], sorted(map(str, numbers))[100]


@program
def heap():
    queue = []
    for i in range(8000):
        heapq.heappush(queue, ((i * 7919) % 10007, i))
    return sum(heapq.heappop(queue)[0] * i % 17 for i in range(8000))


@program
def comprehensions():
    squares = [x * x for x in range(60000) if x % 3]
    return sum(squares), len({x % 1000 for x in squares}), len({x: y for x, y in enumerate(squares)})


@program
def matrices():
    size = 45
    a = [[(i * j) % 7 + 0.5 for j in range(size)] for i in range(size)]
    columns = list(zip(*a))
    product = [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]
    return product[3][4]


@program
def spectral_norm():
    def times(vector):
        return [sum(x / ((i + j) * (i + j + 1) / 2 + i + 1) for j, x in enumerate(vector)) for i in range(size)]

    size, vector = 60, [1.0] * 60
    for _ in range(6):
        vector = times(vector)
        largest = max(vector)
        vector = [x / largest for x in vector]
    return round(largest, 9)


@program
def mandelbrot():
    inside = 0
    for row in range(40):
        for column in range(60):
            z, c = 0j, complex(column / 20 - 2, row / 20 - 1)
            for _ in range(30):
                z = z * z + c
                if abs(z) > 2:
                    break
            else:
                inside += 1
    return inside


@program
def generators():
    def tree(depth):
        if depth:
            yield from tree(depth - 1)
            yield depth
            yield from tree(depth - 1)

    return sum(tree(13)), sum(x for x in (y + 1 for y in range(20000)) if x & 1)


@program
def exceptions():
    caught = 0
    for i in range(20000):
        try:
            if i % 2:
                raise ValueError(i)
            {}[i]
        except (KeyError, ValueError) as error:
            caught += error.args[0] & 1
    return caught


@program
def calls():
    def fibonacci(n):
        return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

    def keywords(a, *, b=1, **others):
        return a + b + len(others)

    return fibonacci(20), sum(keywords(i, b=2, c=3) for i in range(8000))


class Shape:
    def __init__(self, width):
        self.width = width

    @property
    def area(self):
        return self.width**2

    def grown(self, amount):
        return type(self)(self.width + amount)

    def __lt__(self, other):
        return self.width < other.width


@program
def objects():
    shapes = [Shape(i % 100) for i in range(8000)]
    return sum(shape.grown(1).area for shape in shapes), min(shapes).width


@program
def big_integers():
    a, b = 1, 1
    for _ in range(6000):
        a, b = b, a + b
    return b % 1000003, pow(3, 2**600, 10**150 + 7) % 1009, len(str(3**4000))


@program
def sieve():
    flags = bytearray([1]) * 120000
    for i in range(2, 347):
        if flags[i]:
            flags[i * i :: i] = bytes(len(range(i * i, len(flags), i)))
    return sum(i * flag for i, flag in enumerate(flags))


@program
def records():
    packed = b"".join(struct.pack("<IdH", i, i / 2, i % 100) for i in range(6000))
    return sum(a + b + c for a, b, c in struct.iter_unpack("<IdH", packed))


@program
def queens():
    def place(row, columns, left, right):
        if row == 7:
            return 1
        return sum(
            place(row + 1, columns | {column}, left | {row + column}, right | {row - column})
            for column in range(7)
            if column not in columns and row + column not in left and row - column not in right
        )

    return place(0, frozenset(), frozenset(), frozenset())


def serve():
    for line in sys.stdin:
        start = time.process_time_ns()
        result = run(line.strip())
        print(time.process_time_ns() - start, result, flush=True)


if __name__ == "__main__":
    serve()

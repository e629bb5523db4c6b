import os
import random
import sys
import time


class WitWorld:
    def check(self, name: str) -> str:
        try:
            return str(globals()[name]())
        except Exception as error:
            return f"{type(error).__name__}: {error}"


def wall_clock():
    return time.time()


def monotonic_clock():
    return time.monotonic()


def sleep():
    return time.sleep(0.001)


def random_bytes():
    return os.urandom(8)


def secret():
    import secrets

    return secrets.token_hex(4)


def printing():
    print("to nobody", flush=True)
    print("to nobody", file=sys.stderr, flush=True)
    return "printed"


def reading():
    return repr(sys.stdin.read())


def file_inside():
    with open(os.path.dirname(__file__) + "/data.txt") as file:
        return file.read().strip()


def file_outside():
    return open("/tmp/data.txt")


def late_import():
    import late

    return late.VALUE


def late_import_of_the_stdlib():
    import fractions

    return fractions.Fraction(1, 2)


def environment():
    return dict(os.environ), sys.argv


def exception():
    raise ValueError("raised")


def draw():
    return random.random()


def uncaught():
    raise SystemExit(3)

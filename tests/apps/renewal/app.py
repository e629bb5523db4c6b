import os
import random
import time

AT_BUILD = (os.environ.get("FRESH"), random.random(), time.time(), time.process_time())


class WitWorld:
    def environment(self, name: str) -> str | None:
        return os.environ.get(name)

    def draw(self) -> float:
        return random.random()

    def now(self) -> float:
        return time.time()

    def used(self) -> float:
        times = os.times()
        return time.process_time() + times.user + times.system + times.elapsed

import os
import sys
import time
from typing import Optional, Tuple

import wit_world


class WitWorld(wit_world.WitWorld):
    def variable(self, name: str) -> Optional[str]:
        return os.environ.get(name)

    def now(self) -> Tuple[float, float]:
        return time.time(), time.monotonic()

    def random(self, count: int) -> bytes:
        return os.urandom(count)

    def say(self, text: str) -> None:
        print("out:", text)
        print("err:", text, file=sys.stderr)

    def fail(self, message: str) -> None:
        raise ValueError(message)

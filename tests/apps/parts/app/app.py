import importlib.metadata
import importlib.util

import parts
import wit_world


class WitWorld(wit_world.WitWorld):
    def check(self):
        tests = importlib.util.find_spec("parts.tests")
        return f"{parts.once.VALUE} {parts.twice.VALUE} {tests} {importlib.metadata.version('parts')}"

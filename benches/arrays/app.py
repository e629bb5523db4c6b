import json

import numpy
import programs
import wit_world


class WitWorld(wit_world.WitWorld):
    def measured(self):
        return json.dumps(programs.measured())

    def first(self):
        return float(numpy.arange(10.0).sum())

import json

import pandas
import programs
import wit_world


class WitWorld(wit_world.WitWorld):
    def measured(self):
        return json.dumps(programs.measured())

    def first(self):
        return float(pandas.Series([1.0, 2.0]).sum())

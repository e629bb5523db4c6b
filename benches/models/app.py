import json

import programs
import wit_world


class WitWorld(wit_world.WitWorld):
    def measured(self):
        return json.dumps(programs.measured())

    def first(self):
        return programs.Order.model_validate_json(programs.TEXT).id * 1.0

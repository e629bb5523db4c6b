import traceback

import checks
import wit_world
from wit_world.imports.things import Other, Thing


class WitWorld(wit_world.WitWorld):
    def checks(self):
        return [(name, failure(check)) for name, check in checks.CHECKS.items()]

    def churn(self, count):
        for number in range(count):
            thing = Thing("many")
            with Other("many"):
                thing.change(str(number))


def failure(check):
    try:
        check()
    except BaseException:
        return traceback.format_exc()

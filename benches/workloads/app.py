import programs
import wit_world


class WitWorld(wit_world.WitWorld):
    def names(self):
        return list(programs.ALL)

    def run(self, name):
        return programs.run(name)

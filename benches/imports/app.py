import late
import wit_world


class WitWorld(wit_world.WitWorld):
    def names(self):
        return late.NAMES

    def loaded(self):
        return late.LOADED

    def load(self, name):
        late.load(name)

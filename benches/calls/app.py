import wit_world


class WitWorld(wit_world.WitWorld):
    def nop(self):
        pass

    def add(self, a, b):
        return a + b

    def echo_string(self, value):
        return value

    def echo_bytes(self, value):
        return value

    def echo_numbers(self, value):
        return value

    def echo_floats(self, value):
        return value

    def echo_strings(self, value):
        return value

    def echo_points(self, value):
        return value

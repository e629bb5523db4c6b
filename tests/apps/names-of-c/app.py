import wit_world


class WitWorld:
    def free(self, text):
        return f"{wit_world.free(text)} is free"

    def main(self, text):
        return f"{wit_world.main(text)} is main"

    def memory(self, text):
        return f"{wit_world.memory(text)} is memory"

    def printf(self, text):
        return f"{wit_world.printf(text)} is printf"

import mistune
import wit_world


class WitWorld(wit_world.WitWorld):
    def render(self, markdown: str) -> str:
        return mistune.html(markdown)

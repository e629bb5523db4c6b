# -*- coding: gbk -*-
import japanese
import wit_world


class WitWorld(wit_world.WitWorld):
    def describe(self) -> str:
        return f"你好 {japanese.text()}"

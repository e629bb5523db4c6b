class WitWorld:
    def great(self, name: str) -> str:
        return name

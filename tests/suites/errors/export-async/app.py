class WitWorld:
    async def greet(self, name: str) -> str:
        return name

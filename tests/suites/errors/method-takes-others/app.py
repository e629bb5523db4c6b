class WitWorld:
    def greet(self, name: str, times: int) -> str:
        return name * times

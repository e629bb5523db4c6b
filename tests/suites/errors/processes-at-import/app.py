from concurrent.futures import ProcessPoolExecutor
with ProcessPoolExecutor() as p: p.submit(print)


class WitWorld:
    def greet(self, name: str) -> str:
        return name

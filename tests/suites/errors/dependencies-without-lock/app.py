import requests


class WitWorld:
    def run(self):
        return requests.__name__

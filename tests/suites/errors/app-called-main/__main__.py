class WitWorld:
    pass

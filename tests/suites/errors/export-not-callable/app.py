class WitWorld:
    greet = "a greeting"

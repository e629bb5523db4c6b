länge = 3


class Ω:
    # The ligature and the two letters are the same name.
    ﬁname = "Ohm"
    name = finame

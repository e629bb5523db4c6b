"""A package that no lock names; no module of Python's has a name like it."""

import numpy

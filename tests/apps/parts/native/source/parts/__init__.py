from . import once, twice

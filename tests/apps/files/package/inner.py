def where():
    """Name this file."""
    return __file__

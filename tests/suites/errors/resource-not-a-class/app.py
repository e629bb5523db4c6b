def Box(size):
    return size

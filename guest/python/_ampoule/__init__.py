def finish():
    pass

import frozenlist


def check():
    assert frozenlist.FrozenList is frozenlist.CFrozenList
    items = frozenlist.FrozenList([1, 2])
    items.append(3)
    items.freeze()
    assert items.frozen and items == [1, 2, 3] and hash(items)
    try:
        items.append(4)
    except RuntimeError:
        return
    raise AssertionError("it is frozen")

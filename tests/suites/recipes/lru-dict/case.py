import lru


def check():
    gone = []
    cache = lru.LRU(3, callback=lambda key, value: gone.append((key, value)))
    for number in range(4):
        cache[number] = str(number)
    assert cache.keys() == [3, 2, 1] and gone == [(0, "0")] and 0 not in cache
    assert cache[1] == "1" and cache.peek_last_item() == (2, "2") and cache.peek_first_item() == (1, "1")
    assert cache.get(7) is None and cache.get_stats() == (1, 1) and len(cache) == 3
    cache.set_size(2)
    assert cache.items() == [(1, "1"), (3, "3")] and gone[-1] == (2, "2")
    cache.update({"a": 1})
    cache.update(b=2)
    assert cache.values() == [2, 1] and cache.setdefault("a", 5) == 1 and cache.pop("a") == 1
    assert cache.popitem() == ("b", 2) and not cache and cache.pop("x", None) is None
    cache["c"] = 1
    del cache["c"]
    for wrong in lambda: cache["c"], lambda: lru.LRU(0), lambda: cache.popitem(), lambda: lru.LRU(1, callback=3):
        try:
            wrong()
        except (KeyError, ValueError, TypeError):
            continue
        raise AssertionError("it is empty")

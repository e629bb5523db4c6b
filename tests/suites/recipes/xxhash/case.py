import xxhash


def check():
    assert xxhash.xxh32_hexdigest(b"xxhash", seed=20141025) == "67bb40dd"
    assert xxhash.xxh64_intdigest(b"xxhash") == 3665147885093898016
    assert xxhash.xxh64(b"xxhash", seed=20141025).hexdigest() == "b559b98d844e0635"
    assert xxhash.xxh3_64_hexdigest(b"") == "2d06800538d394c2"
    assert xxhash.xxh3_128_hexdigest(b"") == "99aa06d3014798d86001c324468d497f"
    data = bytes(range(256)) * 100
    for kind in xxhash.xxh32, xxhash.xxh64, xxhash.xxh3_64, xxhash.xxh3_128:
        stream = kind(seed=7)
        for at in range(0, len(data), 333):
            stream.update(memoryview(data)[at : at + 333])
        assert stream.digest() == kind(data, seed=7).digest() and len(stream.digest()) == stream.digest_size
        other = stream.copy()
        other.update(b"x")
        assert other.intdigest() != stream.intdigest() == int(stream.hexdigest(), 16)
        other.reset()
        assert other.digest() == kind(seed=7).digest()
    try:
        xxhash.xxh64("text")
    except TypeError:
        return
    raise AssertionError("text has no bytes before it is encoded")

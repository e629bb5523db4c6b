import mmh3


def check():
    assert mmh3.hash("foo") == -156908512 and mmh3.hash("foo", signed=False) == 4138058784
    assert mmh3.hash(b"foo", 42) == -1322301282
    assert mmh3.hash64("foo") == (-2129773440516405919, 9128664383759220103)
    assert mmh3.hash64("foo", 42, signed=False) == (17606432766137750514, 11707588649648429737)
    assert mmh3.hash128("foo") == 168394135621993849475852668931176482145
    assert mmh3.hash_bytes("foo") == mmh3.hash128("foo").to_bytes(16, "little")
    data = bytes(range(256)) * 50
    for kind, whole in (mmh3.mmh3_x64_128, mmh3.mmh3_x64_128_digest), (mmh3.mmh3_32, mmh3.mmh3_32_digest):
        stream = kind(seed=3)
        for at in range(0, len(data), 77):
            stream.update(data[at : at + 77])
        assert stream.digest() == whole(data, 3)
        other = stream.copy()
        other.update(b"x")
        assert other.digest() != stream.digest() and len(other.digest()) == other.digest_size
    assert mmh3.hash_bytes(data, x64arch=False) == mmh3.mmh3_x86_128_digest(data)
    try:
        mmh3.hash(1.5)
    except TypeError:
        return
    raise AssertionError("a number has no bytes")

import google_crc32c


def check():
    assert google_crc32c.implementation == "c"
    assert google_crc32c.value(b"123456789") == 0xE3069283
    assert google_crc32c.value(bytes(32)) == 0x8A9136AA and google_crc32c.value(b"") == 0
    for length in range(40):
        text = bytes(range(length))
        parts = google_crc32c.extend(google_crc32c.value(text[:7]), text[7:])
        assert parts == google_crc32c.value(text)
    checksum = google_crc32c.Checksum(b"12345")
    checksum.update(b"6789")
    assert checksum.digest() == b"\xe3\x06\x92\x83"

import io

from backports import zstd

DATA = b"the same text again and again, " * 1000
# Compressed while the app is built.
AT_BUILD = zstd.compress(DATA, level=19)


def check():
    assert zstd.decompress(AT_BUILD) == DATA and len(AT_BUILD) < 100
    for level in 1, 3, 22:
        assert zstd.decompress(zstd.compress(DATA, level=level)) == DATA
    compressor = zstd.ZstdCompressor(options={zstd.CompressionParameter.checksum_flag: 1})
    packed = compressor.compress(DATA[:500]) + compressor.compress(DATA[500:]) + compressor.flush()
    decompressor = zstd.ZstdDecompressor()
    assert b"".join(decompressor.decompress(packed[i : i + 7]) for i in range(0, len(packed), 7)) == DATA
    assert decompressor.eof
    samples = [f"user {number}: {number * number}".encode() for number in range(2000)]
    trained = zstd.train_dict(samples, 1024)
    assert zstd.decompress(zstd.compress(samples[7], zstd_dict=trained), zstd_dict=trained) == samples[7]
    file = io.BytesIO()
    with zstd.open(file, "wt", encoding="utf-8") as text:
        text.write("grüße\n")
    file.seek(0)
    with zstd.open(file, "rt", encoding="utf-8") as text:
        assert text.read() == "grüße\n"
    try:
        zstd.decompress(b"no zstd at all")
    except zstd.ZstdError:
        return
    raise AssertionError

import io

import zstandard


def check():
    assert zstandard.backend == "cext"
    text = b"the same again and again " * 10_000
    packed = zstandard.ZstdCompressor(level=19).compress(text)
    assert len(packed) < 200 and zstandard.ZstdDecompressor().decompress(packed) == text
    stream = io.BytesIO()
    with zstandard.ZstdCompressor().stream_writer(stream, closefd=False) as writer:
        writer.write(text)
    stream.seek(0)
    assert zstandard.ZstdDecompressor().stream_reader(stream).read(1 << 20) == text
    samples = [b"sample %d of a dictionary" % i for i in range(2_000)]
    dictionary = zstandard.train_dictionary(2_000, samples)
    small = zstandard.ZstdCompressor(dict_data=dictionary).compress(samples[7])
    assert zstandard.ZstdDecompressor(dict_data=dictionary).decompress(small) == samples[7]
    try:
        zstandard.ZstdDecompressor().decompress(b"not zstd")
    except zstandard.ZstdError:
        return
    raise AssertionError("it is no frame")

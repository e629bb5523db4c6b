import io

import lz4
import lz4.block
import lz4.frame

TEXT = b"the same again and again " * 10_000


def check():
    assert lz4.library_version_number() >= 10904
    for options in {}, {"mode": "high_compression", "compression": 12}, {"mode": "fast", "acceleration": 8}:
        packed = lz4.block.compress(TEXT, **options)
        assert len(packed) < 1_200 and lz4.block.decompress(packed) == TEXT
    packed = lz4.block.compress(b"words of it", dict=b"words of a dictionary", store_size=False)
    assert lz4.block.decompress(packed, uncompressed_size=11, dict=b"words of a dictionary") == b"words of it"
    packed = lz4.frame.compress(TEXT, compression_level=9, content_checksum=True)
    assert lz4.frame.decompress(packed) == TEXT
    assert lz4.frame.get_frame_info(packed)["content_size"] == len(TEXT)
    stream = io.BytesIO()
    with lz4.frame.open(stream, "wb", block_linked=False) as writer:
        writer.write(TEXT[:1_000])
        writer.write(TEXT[1_000:])
    stream.seek(0)
    with lz4.frame.open(stream) as reader:
        assert reader.read(25) == TEXT[:25] and reader.seek(250) == 250 and reader.read() == TEXT[250:]
    decompressor = lz4.frame.LZ4FrameDecompressor()
    assert b"".join(decompressor.decompress(packed[i : i + 7]) for i in range(0, len(packed), 7)) == TEXT
    assert decompressor.eof
    damaged = packed[:-1] + bytes([packed[-1] ^ 1])
    for wrong in lambda: lz4.frame.decompress(damaged), lambda: lz4.block.decompress(b"\x09\0\0\0\xff\xff"):
        try:
            wrong()
        except (RuntimeError, lz4.block.LZ4BlockError):
            continue
        raise AssertionError("it is damaged")

import brotli


def check():
    text = b"the same again and again " * 1_000
    assert brotli.decompress(brotli.compress(text, quality=11)) == text
    # Methods without arguments: process, flush, finish, is_finished.
    compressor = brotli.Compressor(mode=brotli.MODE_TEXT)
    packed = compressor.process(text) + compressor.flush() + compressor.finish()
    decompressor = brotli.Decompressor()
    assert decompressor.process(packed) == text and decompressor.is_finished()
    try:
        brotli.decompress(b"not brotli")
    except brotli.error:
        return
    raise AssertionError("it is no stream")

import io
import pickle

import bitarray
from bitarray import bitarray as Bits, decodetree, frozenbitarray, util


def check():
    bits = Bits("1011001")
    assert bits.count() == 4 and bits[1:4] == Bits("011") and ~bits == Bits("0100110")
    bits[::2] = False
    assert bits.to01() == "0001000" and bits.find(1) == 3 and list(bits.search(Bits("00"))) == [0, 1, 4, 5]
    assert (Bits("1100") & Bits("1010")) | Bits("0001") == Bits("1001") and Bits("0011") << 1 == Bits("0110")
    big, little = Bits(endian="big"), Bits(endian="little")
    big.frombytes(b"\x01\x80")
    little.frombytes(b"\x01\x80")
    assert big.to01() == "0000000110000000" and little.to01() == "1000000000000001"
    stream = io.BytesIO()
    big.tofile(stream)
    assert stream.getvalue() == b"\x01\x80" == bytes(memoryview(big))
    assert pickle.loads(pickle.dumps(frozenbitarray(big))) in {frozenbitarray(big): 1}
    codes = util.huffman_code({"a": 5, "b": 2, "c": 1})
    text = Bits()
    text.encode(codes, "abacab")
    assert list(text.decode(decodetree(codes))) == list("abacab")
    assert util.ba2int(util.int2ba(-5, 8, signed=True), signed=True) == -5 and util.ba2hex(Bits("11111010")) == "fa"
    many = util.zeros(100_000)
    many[1::1_000] = 1
    assert util.sc_decode(util.sc_encode(many)) == many and len(util.sc_encode(many)) < 400
    assert util.count_and(many, ~many) == 0 and util.xor_indices(Bits("0110")) == 3
    assert bitarray.bits2bytes(9) == 2
    for wrong in lambda: Bits("012"), lambda: frozenbitarray("1").append(1), lambda: util.hex2ba("xy"):
        try:
            wrong()
        except (ValueError, TypeError):
            continue
        raise AssertionError("that is not possible")

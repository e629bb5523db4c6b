import tiktoken

# Single bytes, then what is merged of them, first things first; real encodings are such tables, which tiktoken downloads.
MERGED = [b"he", b"ll", b"hell", b"hello", b" w", b"or", b" wor", b"ld", b" world", "ž".encode()]
RANKS = {bytes([byte]): byte for byte in range(256)} | {text: 256 + rank for rank, text in enumerate(MERGED)}
SMALL = tiktoken.Encoding(
    "small",
    pat_str=r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s++$|\s*[\r\n]|\s+(?!\S)|\s",
    mergeable_ranks=RANKS,
    special_tokens={"<|end|>": 1000},
)


def check():
    assert SMALL.encode("hello world") == [RANKS[b"hello"], RANKS[b" world"]]
    assert SMALL.encode("hello, ž!") == [RANKS[b"hello"], ord(","), ord(" "), RANKS["ž".encode()], ord("!")]
    for text in "hello hellish world 123456 \n\n '\u2028' 日本語 \U0001f600", "", " ", "a" * 5000:
        assert SMALL.decode(SMALL.encode(text)) == text
    assert SMALL.encode("a<|end|>", allowed_special="all") == [ord("a"), 1000] and SMALL.max_token_value == 1000
    assert SMALL.decode_single_token_bytes(256) == b"he" and SMALL.encode_single_token("hello") == 259
    assert SMALL.encode_ordinary("<|end|>") == list(b"<|end|>")
    assert SMALL.decode_with_offsets([259, 264]) == ("hello world", [0, 5])
    try:
        SMALL.encode("a<|end|>")
    except ValueError as error:
        assert "disallowed special token '<|end|>'" in str(error)
        return
    raise AssertionError("a special token")

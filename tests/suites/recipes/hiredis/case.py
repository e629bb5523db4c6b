import hiredis


def check():
    reader = hiredis.Reader(encoding="utf-8", notEnoughData=Ellipsis)
    replies = b"+OK\r\n:-9223372036854775808\r\n$3\r\n\xc3\xa9!\r\n*3\r\n$-1\r\n*1\r\n:1\r\n$0\r\n\r\n"
    seen = []
    for at in range(0, len(replies), 4):
        reader.feed(replies[at : at + 4])
        while (reply := reader.gets()) is not Ellipsis:
            seen.append(reply)
    assert seen == ["OK", -(2**63), "é!", [None, [1], ""]]
    reader.feed(b"%2\r\n+a\r\n:1\r\n+b\r\n#t\r\n~2\r\n:1\r\n:2\r\n,1.5\r\n_\r\n(12345678901234567890\r\n")
    assert reader.gets() == {"a": 1, "b": True}
    assert reader.gets() in ([1, 2], {1, 2}) and reader.gets() == 1.5 and reader.gets() is None
    assert reader.gets() in (12345678901234567890, "12345678901234567890")
    reader.feed(b"-ERR wrong\r\n>2\r\n+message\r\n+x\r\n")
    error, push = reader.gets(), reader.gets()
    assert isinstance(error, hiredis.ReplyError) and str(error) == "ERR wrong"
    assert isinstance(push, hiredis.PushNotification) and push == ["message", "x"]
    raw = hiredis.Reader()
    raw.feed(b"$2\r\n\xff\x00\r\n$1\r\nx")
    assert raw.gets() == b"\xff\x00" and raw.has_data() and raw.len() > 0 and raw.gets() is False
    assert hiredis.pack_command(("SET", "é", b"\0", 1, 2.5)) == (
        b"*5\r\n$3\r\nSET\r\n$2\r\n\xc3\xa9\r\n$1\r\n\0\r\n$1\r\n1\r\n$3\r\n2.5\r\n")
    raw = hiredis.Reader()
    raw.feed(b"?")
    for wrong in raw.gets, lambda: hiredis.pack_command(([],)), lambda: hiredis.Reader(encoding="none-such").gets():
        try:
            wrong()
        except (hiredis.ProtocolError, TypeError, LookupError):
            continue
        raise AssertionError("it is no reply")

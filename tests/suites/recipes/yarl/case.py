import yarl
from yarl import _quoting, _quoting_c


def check():
    assert _quoting._Quoter is _quoting_c._Quoter
    url = yarl.URL("http://user:pass@example.com:8080/a/é b?q=1&q=ü#frag")
    assert url.path == "/a/é b" and url.raw_path == "/a/%C3%A9%20b" and url.query.getall("q") == ["1", "ü"]
    assert str(url.with_host("ünï.example").origin()) == "http://xn--n-nga1b.example:8080"
    assert yarl.URL("http://h/a/") / "b" == yarl.URL("http://h/a/b")
    assert str(yarl.URL("http://h") % {"x": "y z"}) == "http://h/?x=y+z"

import json
from io import BytesIO

from shop import app


def request(method, path, body=b""):
    answers = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    parts = app(environ, lambda status, headers, exc_info=None: answers.append(status))
    return answers[0], b"".join(parts).decode()


def test_the_page_has_all_prices():
    status, page = request("GET", "/")
    assert status == "200 OK" and "tea: 2.5" in page


def test_a_total():
    assert request("POST", "/total", b'["tea", "cake"]') == ("200 OK", json.dumps({"total": 670}))

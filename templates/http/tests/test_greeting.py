from io import BytesIO

from greeting import application


def request(method, path, query="", body=b""):
    answers = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": BytesIO(body)}
    parts = application(environ, lambda status, headers: answers.append(status))
    return answers[0], b"".join(parts)


def test_a_greeting():
    assert request("GET", "/", "name=Ada") == ("200 OK", b'{"greeting": "Hello, Ada!"}')


def test_a_body():
    assert request("POST", "/length", body=b"12\n34") == ("200 OK", b'{"length": 5}')


def test_nothing():
    assert request("GET", "/nowhere")[0] == "404 Not Found"

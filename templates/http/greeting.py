"""A server of HTTP without a framework: an application of WSGI (PEP 3333)."""

import json
from urllib.parse import parse_qs


def application(environ, start_response):
    match environ["REQUEST_METHOD"], environ["PATH_INFO"]:
        case "GET", "/":
            name = parse_qs(environ["QUERY_STRING"]).get("name", ["World"])[0]
            return answer(start_response, "200 OK", {"greeting": f"Hello, {name}!"})
        case "POST", "/length":
            length = sum(len(line) for line in environ["wsgi.input"])
            return answer(start_response, "200 OK", {"length": length})
        case _:
            return answer(start_response, "404 Not Found", {"error": "there is nothing here"})


def answer(start_response, status, value):
    body = json.dumps(value).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]

"""A web application of WSGI, without a framework: a guestbook in SQLite, in a folder that the host grants."""

import html
import os
import sqlite3
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

# Read when the component is built; it is in the instance's memory.
PAGE = Template((Path(__file__).parent / "page.html").read_text())


def application(environ, start_response):
    match environ["REQUEST_METHOD"], environ["PATH_INFO"]:
        case "GET", "/":
            return answer(start_response, "200 OK", page(entries()))
        case "POST", "/":
            form = parse_qs(environ["wsgi.input"].read().decode())
            add(form.get("name", ["nobody"])[0])
            start_response("303 See Other", [("Location", "/")])
            return []
        case _:
            return answer(start_response, "404 Not Found", "There is nothing here.\n")


def answer(start_response, status, text):
    body = text.encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response(status, headers)
    return [body]


def page(names):
    return PAGE.substitute(names="".join(f"<li>{html.escape(name)}</li>\n" for name in names))


def database():
    connection = sqlite3.connect(os.environ.get("GUESTBOOK", ":memory:"))
    connection.execute("CREATE TABLE IF NOT EXISTS guests (name TEXT NOT NULL)")
    return connection


def entries():
    with database() as connection:
        return [name for (name,) in connection.execute("SELECT name FROM guests ORDER BY rowid")]


def add(name):
    with database() as connection:
        connection.execute("INSERT INTO guests VALUES (?)", [name])

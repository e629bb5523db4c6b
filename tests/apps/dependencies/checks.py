"""What each package is for, done once."""


def anyio():
    """Functions that a worker thread would run, as plain endpoints of FastAPI and Starlette do."""
    import asyncio

    import anyio

    def work(number):
        # Where no loop runs, one may.
        return asyncio.run(asyncio.sleep(0, number))

    async def all_at_once():
        found = []

        async def one(number):
            found.append(await anyio.to_thread.run_sync(work, number))

        async with anyio.create_task_group() as tasks:
            for number in range(3):
                tasks.start_soon(one, number)
        return sorted(found)

    return str(anyio.run(all_at_once))


def arrow() -> str:
    import arrow

    return arrow.get("2024-02-29T12:00:00+02:00").shift(years=1).to("utc").isoformat()


def attrs() -> str:
    import attr

    @attr.s(auto_attribs=True, order=True)
    class Point:
        x: int
        y: int = 2

    return f"{attr.evolve(Point(1), y=3)} {Point(1) < Point(2)}"


def beautifulsoup4() -> str:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup("<p>One <b class=x>two</b><p>three", "html.parser")
    return f"{soup.select_one('b.x').text} {len(soup.find_all('p'))}"


def cachetools() -> str:
    from cachetools import LRUCache

    cache = LRUCache(maxsize=2)
    cache["a"], cache["b"], cache["c"] = 1, 2, 3
    return str(sorted(cache))


def certifi() -> str:
    import certifi

    return certifi.contents().splitlines()[1][:5] and "certificates"


def charset_normalizer() -> str:
    from charset_normalizer import from_bytes

    return from_bytes("Grüße aus Köln, schöne Straße".encode("utf-8")).best().encoding


def click() -> str:
    import click
    from click.testing import CliRunner

    @click.command()
    @click.option("--count", default=1)
    @click.argument("name")
    def hello(count: int, name: str) -> None:
        click.echo(f"Hello {name}! " * count)

    return CliRunner().invoke(hello, ["Ada", "--count", "2"]).output.strip()


def dateutil() -> str:
    from dateutil.parser import parse
    from dateutil.rrule import MONTHLY, rrule

    days = rrule(MONTHLY, count=2, bymonthday=-1, dtstart=parse("1 Feb 2024"))
    return " ".join(f"{day:%d.%m.}" for day in days)


def docutils() -> str:
    from docutils.core import publish_parts

    return publish_parts("*so* it is", writer="html5")["fragment"].strip()


def flask() -> str:
    from flask import Flask, jsonify, request

    app = Flask("checks")

    @app.post("/sum")
    def total():
        return jsonify(total=sum(request.get_json()))

    answer = app.test_client().post("/sum", json=[1, 2, 3])
    return f"{answer.status_code} {answer.get_json()}"


def idna() -> str:
    import idna

    return idna.encode("köln.example").decode()


def itsdangerous() -> str:
    from itsdangerous import BadSignature, URLSafeSerializer

    serializer = URLSafeSerializer("key")
    signed = serializer.dumps({"user": 1})
    try:
        serializer.loads(signed + "x")
    except BadSignature:
        return str(serializer.loads(signed))
    return "a forged signature"


def jinja2() -> str:
    from jinja2 import Template

    return Template("{% for n in names|sort %}{{ n|e }};{% endfor %}", autoescape=True).render(names=["<b>", "a"])


def lark() -> str:
    from lark import Lark

    parser = Lark('start: NUMBER ("+" NUMBER)*\n%import common.NUMBER\n%ignore " "')
    return str(sum(int(token) for token in parser.parse("1 + 2 + 39").children))


def markdown() -> str:
    import markdown

    return markdown.markdown("# T\n\n| a |\n|---|\n| 1 |", extensions=["tables"]).replace("\n", "")


def marshmallow() -> str:
    from marshmallow import Schema, ValidationError, fields

    class Person(Schema):
        name = fields.Str(required=True)
        born = fields.Date()

    try:
        Person().load({"born": "yesterday"})
    except ValidationError as error:
        return f"{sorted(error.messages)} {Person().load({'name': 'Ada', 'born': '1815-12-10'})['born']}"
    return "no error"


def mistune() -> str:
    import mistune

    return mistune.html("**so** it is").strip()


def more_itertools() -> str:
    from more_itertools import chunked

    return str(list(chunked(range(5), 2)))


def networkx() -> str:
    import networkx

    graph = networkx.Graph()
    graph.add_weighted_edges_from([("a", "b", 1), ("b", "c", 2), ("a", "c", 9)])
    return str(networkx.shortest_path(graph, "a", "c", weight="weight"))


def packaging() -> str:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    return str(Version("3.13.9") in SpecifierSet(">=3.13,<4"))


def pydantic() -> str:
    from pydantic import BaseModel, ValidationError

    class Point(BaseModel):
        x: int
        y: float = 0

    try:
        Point(x="no number")
    except ValidationError as error:
        return f"{Point(x='3').json()} {error.errors()[0]['loc']}"
    return "no error"


def pygments() -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name

    return highlight("x = 1", get_lexer_by_name("python"), HtmlFormatter(nowrap=True)).strip()


def pyparsing() -> str:
    from pyparsing import Word, alphas, nums

    return str((Word(alphas) + "=" + Word(nums)).parse_string("x = 12").as_list())


def requests() -> str:
    import requests

    request = requests.Request("GET", "http://example.com/a b", params={"q": "ä"}).prepare()
    try:
        requests.get("http://127.0.0.1:9/", timeout=1)
    except requests.ConnectionError:
        return request.url
    return "a connection"


def rich() -> str:
    import io

    from rich.console import Console
    from rich.table import Table

    table = Table("name", "value")
    table.add_row("[bold]x[/bold]", "1")
    console = Console(file=io.StringIO(), width=30)
    console.print(table)
    return console.file.getvalue().splitlines()[3]


def simplejson() -> str:
    import simplejson
    from decimal import Decimal

    return simplejson.dumps({"x": Decimal("1.10")}, use_decimal=True)


def six() -> str:
    import six
    from six.moves.urllib.parse import quote

    return f"{six.PY3} {quote('a b')}"


def sortedcontainers() -> str:
    from sortedcontainers import SortedDict

    return str(list(SortedDict(b=1, a=2)))


def sqlalchemy() -> str:
    from sqlalchemy import create_engine, select
    from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

    class Base(DeclarativeBase):
        pass

    class Person(Base):
        __tablename__ = "person"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]

    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Person(name="Grace"), Person(name="Ada")])
        session.commit()
        return str(session.scalars(select(Person.name).order_by(Person.name)).all())


def tabulate() -> str:
    from tabulate import tabulate

    return tabulate([["a", 1]], tablefmt="github").splitlines()[-1]


def tinydb() -> str:
    from tinydb import TinyDB, where
    from tinydb.storages import MemoryStorage

    database = TinyDB(storage=MemoryStorage)
    database.insert_multiple([{"n": 1}, {"n": 2}])
    return str(database.search(where("n") > 1))


def tqdm() -> str:
    import io

    from tqdm import tqdm

    return str(sum(tqdm(range(4), file=io.StringIO())))


def tzdata() -> str:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime(2024, 7, 1, 12, tzinfo=ZoneInfo("Europe/Berlin")).isoformat()


def werkzeug() -> str:
    from werkzeug.test import create_environ
    from werkzeug.wrappers import Request

    return Request(create_environ("/x?a=1&a=2")).args.getlist("a").__repr__()


def versions() -> str:
    """What importlib.metadata tells of the installed distributions."""
    from importlib.metadata import distributions, entry_points, files, version

    names = {distribution.metadata["Name"].lower() for distribution in distributions()}
    (entry,) = entry_points(group="console_scripts", name="flask")
    return f"{version('six')} {'pywin32' in names} {entry.load().__name__} {len(files('six'))}"

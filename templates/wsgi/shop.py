"""A web application with Bottle. Flask, Django and others take its place as they are: see docs/web.md of Ampoule."""

from pathlib import Path

from bottle import Bottle, SimpleTemplate, request

PRICES = {"tea": 250, "coffee": 300, "cake": 420}
PAGE = SimpleTemplate((Path(__file__).parent / "page.html").read_text())

app = Bottle()


@app.get("/")
def page():
    return PAGE.render(prices=PRICES)


@app.post("/total")
def total():
    """What some items cost together: a JSON list of names."""
    return {"total": sum(PRICES[name] for name in request.json)}

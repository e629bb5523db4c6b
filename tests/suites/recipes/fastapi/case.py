"""FastAPI and Starlette, called over ASGI in the process: requests, forms, errors, background tasks, lifespan."""

import asyncio
import contextlib
import typing

import httpx
from fastapi import BackgroundTasks, Depends, FastAPI, Form, Header, HTTPException, Query, Request, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

events: list[str] = []


@contextlib.asynccontextmanager
async def lifespan(app):
    events.append("start")
    yield
    events.append("end")


class Item(BaseModel):
    name: str = Field(min_length=2)
    price: float = Field(gt=0)
    tags: list[str] = []


app = FastAPI(lifespan=lifespan, title="Shop")
items: dict[int, Item] = {1: Item(name="pen", price=1.5)}


async def user(token: typing.Annotated[str | None, Header()] = None) -> str:
    if token != "secret":
        raise HTTPException(401, "who are you?")
    return "ada"


@app.get("/items/{number}", response_model=Item)
async def read(number: int, short: typing.Annotated[bool, Query()] = False):
    if number not in items:
        raise HTTPException(404, f"no item {number}")
    return items[number].model_copy(update={"tags": ["short"]}) if short else items[number]


@app.post("/items", status_code=201)
async def create(item: Item, tasks: BackgroundTasks, name: typing.Annotated[str, Depends(user)]) -> dict:
    number = max(items) + 1
    items[number] = item
    tasks.add_task(events.append, f"made {number}")
    return {"number": number, "by": name}


@app.post("/upload")
async def upload(note: typing.Annotated[str, Form()], file: UploadFile):
    content = await file.read()
    return {"note": note, "name": file.filename, "size": len(content)}


@app.get("/stream")
async def stream():
    async def parts():
        for number in range(3):
            yield f"{number}\n"
            await asyncio.sleep(0)

    return StreamingResponse(parts(), media_type="text/plain")


async def echo(request: Request):
    return JSONResponse({"path": request.path_params, "query": dict(request.query_params), "method": request.method})


async def large(request: Request):
    return PlainTextResponse("x" * 10_000)


plain = Starlette(
    routes=[Route("/echo/{word:str}", echo, methods=["GET", "PUT"]), Route("/large", large)],
    middleware=[Middleware(GZipMiddleware)],
)


def client(app):
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shop")


async def check_fastapi():
    async with app.router.lifespan_context(app), client(app) as shop:
        answer = await shop.get("/items/1", params={"short": True})
        assert answer.json() == {"name": "pen", "price": 1.5, "tags": ["short"]}, answer.text
        answer = await shop.get("/items/7")
        assert (answer.status_code, answer.json()) == (404, {"detail": "no item 7"})
        answer = await shop.get("/items/x")
        assert answer.status_code == 422 and answer.json()["detail"][0]["type"] == "int_parsing"
        answer = await shop.post("/items", json={"name": "ink", "price": "2"})
        assert answer.status_code == 401
        answer = await shop.post("/items", json={"name": "ink", "price": "2"}, headers={"token": "secret"})
        assert (answer.status_code, answer.json()) == (201, {"number": 2, "by": "ada"})
        answer = await shop.post("/items", json={"name": "i", "price": 0}, headers={"token": "secret"})
        assert [part["loc"] for part in answer.json()["detail"]] == [["body", "name"], ["body", "price"]]
        answer = await shop.post("/upload", data={"note": "ž"}, files={"file": ("a.bin", b"x" * 3000)})
        assert answer.json() == {"note": "ž", "name": "a.bin", "size": 3000}, answer.text
        async with shop.stream("GET", "/stream") as answer:
            assert [line async for line in answer.aiter_lines()] == ["0", "1", "2"]
        schema = (await shop.get("/openapi.json")).json()
        assert schema["info"]["title"] == "Shop" and "/items/{number}" in schema["paths"]
        assert (await shop.delete("/items/1")).status_code == 405
    assert events == ["start", "made 2", "end"], events


async def check_starlette():
    async with client(plain) as shop:
        answer = await shop.put("/echo/a%20b?x=1")
        assert answer.json() == {"path": {"word": "a b"}, "query": {"x": "1"}, "method": "PUT"}
        answer = await shop.get("/large")
        assert answer.headers["content-encoding"] == "gzip" and answer.text == "x" * 10_000
        assert (await shop.get("/none")).status_code == 404


def check():
    asyncio.run(check_fastapi())
    asyncio.run(check_starlette())

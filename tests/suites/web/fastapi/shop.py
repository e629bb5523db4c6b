"""What an application of FastAPI usually does."""

from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI, Header, HTTPException, Request, UploadFile
from fastapi.responses import RedirectResponse, StreamingResponse
from pydantic import BaseModel, Field

done = []


@asynccontextmanager
async def lifespan(app):
    yield {"greeting": "hello"}


app = FastAPI(lifespan=lifespan)


class Item(BaseModel):
    name: str
    price: float = Field(gt=0)


def user(x_user: Annotated[str, Header()]):
    if x_user != "ada":
        raise HTTPException(403, "not for you")
    return x_user


@app.get("/")
async def page(request: Request):
    return request.state.greeting


@app.post("/items")
async def add(item: Item) -> Item:
    return item


@app.get("/blocking/{number}")
def blocking(number: int, q: list[str] | None = None):
    return {"number": number}


@app.get("/secret")
def secret(name: Annotated[str, Depends(user)]):
    return name


@app.post("/upload")
async def upload(file: UploadFile):
    return {"name": file.filename, "length": len(await file.read())}


@app.get("/stream")
async def stream():
    async def count():
        for number in range(3):
            yield f"{number} "

    return StreamingResponse(count())


@app.get("/later")
async def later(tasks: BackgroundTasks):
    tasks.add_task(done.append, 1)
    return "soon"


@app.get("/old")
async def old():
    return RedirectResponse("/", 303)


@app.get("/fail")
async def fail():
    raise LookupError("nothing is where it should be")

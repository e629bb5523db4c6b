"""A web application with Starlette. FastAPI and others take its place as they are: see docs/web.md of Ampoule."""

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

PRICES = {"tea": 250, "coffee": 300, "cake": 420}


async def prices(request: Request) -> JSONResponse:
    return JSONResponse(PRICES)


async def total(request: Request) -> JSONResponse:
    """What some items cost together: a JSON list of names."""
    return JSONResponse({"total": sum(PRICES[name] for name in await request.json())})


async def countdown(request: Request) -> StreamingResponse:
    """A response that takes its time."""

    async def count():
        for number in range(request.path_params["start"], 0, -1):
            yield f"{number}\n"
            await asyncio.sleep(0.1)

    return StreamingResponse(count(), media_type="text/plain")


app = Starlette(
    routes=[
        Route("/", prices),
        Route("/total", total, methods=["POST"]),
        Route("/countdown/{start:int}", countdown),
    ]
)

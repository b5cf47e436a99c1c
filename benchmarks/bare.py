"""The least that a server of this kind does: it hears a body out and answers. `python -m benchmarks.bare PORT`."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def taken(request: Request) -> JSONResponse:
    return JSONResponse({"size": len(await request.body())}, 202)


if __name__ == "__main__":
    uvicorn.run(
        Starlette(routes=[Route("/", taken, methods=["POST"])]),
        port=int(sys.argv[1]),
        log_level="warning",
        access_log=False,
    )

"""Doors that platforms call. Each proves itself by the secret of its source; no token is asked for."""

from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse

from app.kit.access import public
from app.kit.database import read_session
from app.kit.deps import NowDep, RuntimeDep
from app.kit.strict import router as strict_router
from app.sources import service, taking
from app.sources.receiving.calls import LARGEST, Call
from app.sources.taking import MOST_A_MINUTE, Asked

router = strict_router(tags=["hooks"], dependencies=[public])

_TAKEN: dict[str, Any] = {
    "requestBody": {
        "description": "As the platform sends it.",
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        "required": True,
    },
    "responses": {"401": {"$ref": "#/components/responses/Refused401"}},
}


async def _called(request: Request) -> Call:
    headers = dict(request.headers.items())
    query = request.url.query
    path = request.url.path + (f"?{query}" if query else "")
    transaction = request.path_params.get("transaction")
    return Call(await request.body(), headers, request.method, path, transaction)


CallDep = Annotated[Call, Depends(_called)]


@router.post("/hooks/{source}", status_code=202, max_body_size=LARGEST, openapi_extra=_TAKEN)
async def take_delivery(source: str, call: CallDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """Take what a platform tells: it is kept at once (`{"delivery"}`), and looked into soon after.

    Told again, with the same content, it is the same delivery. What is not signed with the secret of the source, or too
    long ago, is refused; and, for as long as `Retry-After` says, what is more than 18,000 deliveries a minute.
    """
    return await _taken(source, call, runtime, now)


@router.post("/hooks/{source}/statements", max_body_size=LARGEST, openapi_extra=_TAKEN)
async def take_statements(source: str, call: CallDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """Take xAPI statements, as a learning record store does: the answer is their ids."""
    return await _taken(source, call, runtime, now)


@router.put("/hooks/{source}/_matrix/app/v1/transactions/{transaction}", max_body_size=LARGEST, openapi_extra=_TAKEN)
async def take_transaction(source: str, transaction: str, call: CallDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """Take what a Matrix homeserver tells an application service; the same transaction once."""
    return await _taken(source, call, runtime, now)


@router.post("/hooks/{source}/_matrix/app/v1/ping", max_body_size=LARGEST, openapi_extra=_TAKEN)
async def answer_ping(source: str, call: CallDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """Say to a Matrix homeserver that the application service hears it (Application Service API, `ping`)."""
    return await _taken(source, call, runtime, now)


@router.options("/hooks/{source}")
def allow_deliveries(source: str, request: Request, runtime: RuntimeDep) -> Response:
    """Say to whoever sends CloudEvents that they may (CloudEvents, HTTP webhooks §4)."""
    with read_session(runtime.engine) as session:
        service.listening(session, source)
    headers = {"Allow": "POST, OPTIONS"}
    origin = request.headers.get("webhook-request-origin", "")
    if origin and len(origin) <= 255 and origin.isprintable() and origin.isascii():
        headers |= {"WebHook-Allowed-Origin": origin, "WebHook-Allowed-Rate": str(MOST_A_MINUTE)}
    return Response(status_code=200, headers=headers)


async def _taken(source: str, call: Call, runtime: RuntimeDep, now: NowDep) -> Response:
    answer = await taking.line.done(runtime, Asked(source, call, now))
    return JSONResponse(answer.body, answer.status, {"Cache-Control": "no-store", **answer.headers})

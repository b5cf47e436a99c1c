"""Doors: a badge in, a report out. For everyone, and nothing of the badge is kept."""

from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from starlette.datastructures import UploadFile

import badges
from app.kit.access import public
from app.kit.deps import NowDep, RuntimeDep
from app.kit.strict import router as strict_router
from app.verifier import batches, models, service
from app.verifier.submissions import MOST, NothingToVerify, Submission, address_in, at_most, item_in, items_in

router = strict_router(tags=["verifier"])

LARGEST = 3 * 1024 * 1024
"""Bytes of a submission: an image of 2 MiB, and what multipart adds to it."""

_READ_INLINE = 32_768  # above so many bytes taking JSON apart may be worth a thread

LARGEST_BATCH = 8 * 1024 * 1024
"""Bytes of a batch: credentials of 40 KiB each."""


async def submission(
    request: Request,
    recipient: Annotated[str | None, Query(description="Whose badge it should be.", max_length=1000)] = None,
) -> Submission:
    """The body, or the `file` or `text` of a form, where a file may have any name. Raises `NothingToVerify`."""
    data, named = await request.body(), recipient
    if _is_form(request.headers.get("content-type", "").lower(), data):
        async with request.form(max_files=1, max_fields=5, max_part_size=LARGEST) as form:
            files = [part for part in form.values() if isinstance(part, UploadFile)]
            text = form.get("text", form.get("file", ""))
            data = await files[0].read() if files else b""
            data = data or (text.encode() if isinstance(text, str) else b"")
            field = form.get("recipient")
            named = named or (field if isinstance(field, str) else None) or None
    if not data.strip():
        raise NothingToVerify("The request carries no badge.")
    return await run_in_threadpool(item_in, data, named) if len(data) > _READ_INLINE else item_in(data, named)


def _is_form(content_type: str, data: bytes) -> bool:
    """curl calls whatever it sends a form; what does not begin as one of ours is taken as it is."""
    begins_so = data.lstrip().startswith((b"file=", b"text=", b"recipient="))
    return content_type.startswith("multipart/form-data") or (
        content_type.startswith("application/x-www-form-urlencoded") and (begins_so or not data)
    )


SubmissionDep = Annotated[Submission, Depends(submission)]


async def batch(
    request: Request,
    recipient: Annotated[str | None, Query(description="Whose badges they should be.", max_length=1000)] = None,
) -> Callable[[], list[Submission]]:
    """How to find the items of the body, or each `file` and `text` of a form, which raises what `items_in` raises.

    It takes time, so it is left to whoever has the batch's place in the pool. Raises `NothingToVerify`.
    """
    body = await request.body()
    if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return partial(at_most, [part async for part in _parts(request, recipient)])
    if not body.strip():
        raise NothingToVerify("The request carries no badges.")
    return partial(items_in, body, recipient)


async def _parts(request: Request, recipient: str | None) -> AsyncIterator[Submission]:
    async with request.form(max_files=MOST + 1, max_fields=MOST + 1, max_part_size=LARGEST) as form:
        field = form.get("recipient")
        named = (field if isinstance(field, str) else None) or recipient
        for name, part in form.multi_items():
            if isinstance(part, UploadFile):
                yield Submission(await part.read(), named)
            elif name in {"file", "text"}:
                yield Submission(part.encode(), named)


BatchDep = Annotated[Callable[[], list[Submission]], Depends(batch)]

_TEXT = {"schema": {"type": "string"}}
_IMAGE = {"schema": {"type": "string", "format": "binary"}}
_ADDRESS = {
    "type": "object",
    "required": ["url"],
    "properties": {"url": {"type": "string", "format": "uri"}, "recipient": {"type": "string"}},
    "additionalProperties": False,
}
_CREDENTIAL = {"type": "object", "description": "A credential or assertion."}
_ONE = {
    "anyOf": [
        _ADDRESS,
        _CREDENTIAL,
        {"type": "string", "description": "A JWT or JWS, JSON, an address, or an image as a `data:` URL."},
        {
            "type": "object",
            "required": ["badge"],
            "properties": {"badge": {}, "recipient": {"type": "string"}},
            "additionalProperties": False,
        },
    ]
}
_FILE = {"type": "string", "format": "binary"}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _ONE, "example": {"url": "https://badges.example.org/credentials/12"}},
            "application/vc": {"schema": _CREDENTIAL},
            "application/ld+json": {"schema": _CREDENTIAL},
            "application/vc+jwt": _TEXT,
            "application/jwt": _TEXT,
            "text/plain": _TEXT,
            "image/png": _IMAGE,
            "image/svg+xml": _IMAGE,
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": _FILE, "recipient": {"type": "string"}}}
            },
        },
    }
}
_BATCH = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["items"],
                    "additionalProperties": False,
                    "properties": {
                        "items": {
                            "type": "array",
                            "maxItems": MOST,
                            "items": _ONE,
                        },
                        "recipient": {"type": "string"},
                    },
                },
                "example": {"items": [{"url": "https://badges.example.org/credentials/12"}, "eyJhbGciOiJFUzI1NiJ9…"]},
            },
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": {"type": "array", "items": _FILE}}}
            },
        },
    }
}


@router.post(
    "/v1/verify", dependencies=[public], max_body_size=LARGEST, openapi_extra=_BODY, responses=models.REPORT_ANSWERED
)
async def verify(given: SubmissionDep, runtime: RuntimeDep, now: NowDep) -> JSONResponse:
    """Verify a badge: JSON, JWT, PNG or SVG, or the `{"url"}` of one; always a report.

    In JSON, `{"badge": …, "recipient": …}` says whose it should be, as `?recipient=` does for all other bodies.
    What the report means, and every code in it, is told in docs/verifying.md.
    """
    return JSONResponse((await judged(given, runtime, now)).to_dict())


async def judged(given: Submission, runtime: RuntimeDep, now: NowDep) -> badges.Report:
    """The report on a submission, from the pool for such work. Raises `Busy` when that is full, `Invalid`."""
    return await runtime.verifiers.run(partial(_judged, given, runtime, now))


def _judged(given: Submission, runtime: RuntimeDep, now: NowDep) -> badges.Report:
    """The report on a submission; an address is looked up. Raises `Invalid`."""
    url, recipient = address_in(given)
    fetch = runtime.verifiers.aside(service.documents(runtime, now))
    if url is not None:
        return service.judge_address(url, fetch, recipient=recipient, now=now)
    return service.judge(given.data, fetch, recipient=recipient, now=now)


@router.post(
    "/v1/verify/batch",
    dependencies=[public],
    max_body_size=LARGEST_BATCH,
    openapi_extra=_BATCH,
    responses=models.BATCH_ANSWERED,
)
async def verify_batch(given: BatchDep, runtime: RuntimeDep, now: NowDep) -> JSONResponse:
    """Verify up to 200 badges: a report on each, in their order, also on what cannot be read.

    Each counts for itself: one that is forged, or whose issuer does not answer, changes nothing for the others. An item
    is whatever `POST /v1/verify` takes; `{"badge": …, "recipient": …}` says whose it should be.
    """
    reports = await runtime.batches.run(lambda: batches.judge_all(given(), runtime, now=now))
    return JSONResponse({"items": reports})  # as they are: FastAPI would look at each value again

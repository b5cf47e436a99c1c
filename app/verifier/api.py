"""Doors: a badge in, a report out. For everyone, and nothing of the badge is kept."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from starlette.datastructures import UploadFile

import badges
from app.kit.access import public
from app.kit.deps import NowDep, RuntimeDep
from app.kit.errors import BadRequest, Invalid
from app.kit.strict import router as strict_router
from app.verifier import service

router = strict_router(tags=["verifier"])

LARGEST = 3 * 1024 * 1024
"""Bytes of a submission: an image of 2 MiB, and what multipart adds to it."""


class NothingToVerify(BadRequest):
    """There is no badge in the request."""

    code = "nothing-to-verify"
    fix = "Send JSON, a JWT, a PNG or an SVG as the body, or as `file` in a form."


@dataclass(frozen=True)
class Submission:
    """What somebody wants to have verified."""

    data: bytes
    recipient: str | None = None


async def submission(
    request: Request,
    recipient: Annotated[str | None, Query(description="Whose badge it should be.", max_length=1000)] = None,
) -> Submission:
    """The body, or the `file` or `text` of a form. Raises `NothingToVerify`."""
    data, named = await request.body(), recipient
    if _is_form(request.headers.get("content-type", "").lower(), data):
        async with request.form(max_files=1, max_fields=5, max_part_size=LARGEST) as form:
            data = b""
            for name in ("file", "text"):
                part = form.get(name)
                data = data or (await part.read() if isinstance(part, UploadFile) else (part or "").encode())
            field = form.get("recipient")
            named = named or (field if isinstance(field, str) else None) or None
    if not data.strip():
        raise NothingToVerify("The request carries no badge.")
    return Submission(data, named)


def _is_form(content_type: str, data: bytes) -> bool:
    """curl calls whatever it sends a form; what does not begin as one of ours is taken as it is."""
    begins_so = data.lstrip().startswith((b"file=", b"text=", b"recipient="))
    return content_type.startswith("multipart/form-data") or (
        content_type.startswith("application/x-www-form-urlencoded") and (begins_so or not data)
    )


SubmissionDep = Annotated[Submission, Depends(submission)]

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "object"},
                "example": {"url": "https://badges.example.org/credentials/…"},
            },
            "text/plain": {"schema": {"type": "string"}},
            "image/png": {"schema": {"type": "string", "format": "binary"}},
            "image/svg+xml": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
            },
        },
    }
}


@router.post("/v1/verify", dependencies=[public], max_body_size=LARGEST, openapi_extra=_BODY)
async def verify(given: SubmissionDep, runtime: RuntimeDep, now: NowDep) -> dict[str, Any]:
    """Verify a badge: JSON, JWT, PNG or SVG, or the `{"url"}` of one; always a report."""
    return (await judged(given, runtime, now)).to_dict()


async def judged(given: Submission, runtime: RuntimeDep, now: NowDep) -> badges.Report:
    """The report on a submission, from the pool for such work. Raises `Busy` when that is full, `Invalid`."""
    return await runtime.verifiers.run(partial(_judged, given, runtime, now))


def _judged(given: Submission, runtime: RuntimeDep, now: NowDep) -> badges.Report:
    """The report on a submission; an address is looked up. Raises `Invalid`."""
    url, recipient = _address(given)
    fetch = runtime.verifiers.aside(service.documents(runtime, now))
    if url is not None:
        return service.judge_address(url, fetch, recipient=recipient, now=now)
    return service.judge(given.data, fetch, recipient=recipient, now=now)


def _address(given: Submission) -> tuple[str | None, str | None]:
    """The URL that stands for a badge, in `{"url", "recipient"?}` or alone, and whose badge it should be."""
    start = given.data.lstrip()[:8]
    if start.lower().startswith((b"https://", b"http://")):
        return given.data.decode("utf-8", "replace").strip(), given.recipient
    if not start.startswith(b"{"):
        return None, given.recipient
    try:
        document = badges.parse(given.data)
    except badges.BadgeError:
        return None, given.recipient
    if not isinstance(document, dict) or not document.keys() <= {"url", "recipient"} or "url" not in document:
        return None, given.recipient
    url, recipient = document["url"], document.get("recipient", given.recipient)
    if not isinstance(url, str) or not isinstance(recipient, str | None):
        raise Invalid(errors=[{"pointer": "/url", "message": "url and recipient are strings"}])
    if not url.lower().startswith(("https://", "http://")):
        raise Invalid(errors=[{"pointer": "/url", "message": "an address begins with https:// or http://"}])
    return url, recipient

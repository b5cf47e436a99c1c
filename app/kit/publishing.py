"""Documents for everyone: each a function of what is stored, served over HTTP and read in-process alike.

The verifier reads the service's own documents through `read`, so that our badges go through the same checks as
anyone's, without a request to ourselves and without a privileged path.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import cached_property
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session
from starlette.routing import compile_path

from app.kit.access import Gate
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep
from app.kit.errors import NotFound
from app.kit.installation import Installation
from app.kit.strict import router as strict_router

FRESH = "public, max-age=300"
"""What may change: asked for again after five minutes, the ttl of status lists."""
FOR_EVER = "public, max-age=31536000, immutable"
"""What was signed, or never changes."""
UNSHARED = "private, no-store"
"""What not everyone may see."""


@dataclass(frozen=True)
class Place:
    """Where and when a document is asked for, and by whom."""

    session: Session
    at: Installation
    now: datetime
    viewer: Any = None
    """What the gate made of the caller; None for a stranger."""
    accept: str = ""


@dataclass(frozen=True)
class Published:
    """A document as it leaves the service."""

    body: bytes
    media_type: str
    status: int = 200
    cache: str = FRESH
    modified: datetime | None = None

    @cached_property
    def etag(self) -> str:
        """Strong, from the bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'

    def response(self, request: Request) -> Response:
        """As HTTP; 304 when the caller has these bytes already (RFC 9110 §13.1.2)."""
        headers = {"ETag": self.etag, "Cache-Control": self.cache, "Vary": "Accept"}
        if self.cache == UNSHARED:
            headers["Vary"] = "Accept, Authorization"
        if self.modified:
            headers["Last-Modified"] = format_datetime(self.modified, usegmt=True)
        known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
        if self.status == 200 and (self.etag in known or "*" in known):
            return Response(status_code=304, headers=headers)
        return Response(self.body, self.status, headers, media_type=self.media_type)


Reader = Callable[..., Published]


class Publication:
    """The documents of one capability, each under a path with `{parameters}`."""

    def __init__(self, tag: str) -> None:
        self._tag = tag
        self._documents: list[tuple[str, Reader, bool]] = []

    def at(self, path: str, *, served: bool = True) -> Callable[[Reader], Reader]:
        """Publishes a function `(place, **parameters) -> Published` under `path`.

        With `served` False it is read in-process only: somebody above serves that address, with pages for people.
        """

        def register(reader: Reader) -> Reader:
            self._documents.append((path, reader, served))
            return reader

        return register

    def router(self, gate: Gate) -> APIRouter:
        """The routes; `gate` says who is looking."""
        router = strict_router(tags=[self._tag])
        for path, reader, served in self._documents:
            if served:
                router.get(path, response_class=Response, summary=_summary(reader), name=path)(_endpoint(reader, gate))
        return router

    def read(self, place: Place, path: str) -> Published | None:
        """The document at `path`, or None where there is no such kind of path. Raises `NotFound`."""
        for pattern, reader, _ in self._documents:
            match = compile_path(pattern)[0].match(path)
            if match:
                return reader(place, **{name: unquote(value) for name, value in match.groupdict().items()})
        return None


def read(publications: Iterable[Publication], place: Place, path: str) -> Published:
    """The document at `path` among all publications. Raises `NotFound`."""
    for publication in publications:
        found = publication.read(place, path)
        if found is not None:
            return found
    raise NotFound(f"Nothing is published at {path}.")


def _endpoint(reader: Reader, gate: Gate) -> Callable[..., Response]:
    def serve(
        request: Request,
        session: ReadSessionDep,
        runtime: RuntimeDep,
        now: NowDep,
        viewer: Annotated[Any, Depends(gate)],
    ) -> Response:
        accept = ",".join(request.headers.getlist("accept"))
        place = Place(session=session, at=runtime.installation, now=now, viewer=viewer, accept=accept)
        return reader(place, **request.path_params).response(request)

    serve.__doc__ = reader.__doc__
    return serve


def _summary(reader: Reader) -> str:
    return (reader.__doc__ or "").strip().partition("\n")[0].rstrip(".")

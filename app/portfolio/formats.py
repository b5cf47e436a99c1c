"""Every format in which a portfolio leaves."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.responses import StreamingResponse
from starlette.types import Send

from app.kit.errors import Invalid
from app.kit.streaming import Streams
from app.portfolio import archive, certificates, learner_record, listing, page, presenting, resume
from app.portfolio.shelf import Shelf

_STREAMS = Streams(2)
"""Portfolios have the processor two at a time: one of a thousand badges takes it for seconds."""
_SETTING = Streams(2)
"""Those apart whose first piece takes as long as all of them."""


@dataclass(frozen=True)
class Format:
    """How a portfolio is written, and what that is called."""

    media_type: str
    write: Callable[[Shelf], Iterator[bytes]]
    """The bytes, in pieces: a piece is made when the one before has been sent."""
    attached: str | None = None
    """The ending of a file that browsers keep; None for what they show."""
    headers: Callable[[], Mapping[str, str]] = dict
    """What else its answer says."""
    streams: Streams = _STREAMS
    """Whose turns it takes."""


FORMATS: Mapping[str, Format] = {
    "json": Format("application/json", listing.written),
    "html": Format("text/html", page.written, headers=page.headers),
    "pdf": Format("application/pdf", certificates.written, attached="pdf", streams=_SETTING),
    "jsonresume": Format("application/json", resume.written, attached="resume.json"),
    "zip": Format("application/zip", archive.written, attached="zip"),
    "vp": Format("application/vp", presenting.written),
    "clr": Format("application/vc", learner_record.written),
}


class _Begun(StreamingResponse):
    """Says that it succeeded once there is a first piece: what is refused before is an answer of its own."""

    async def stream_response(self, send: Send) -> None:
        pieces = aiter(self.body_iterator)
        first = await anext(pieces, b"")

        async def all_of_them() -> AsyncIterator[Any]:
            yield first
            async for piece in pieces:
                yield piece

        self.body_iterator = all_of_them()
        await super().stream_response(send)


def answer(shelf: Shelf, format: Format) -> StreamingResponse:
    """A portfolio on its way to somebody."""
    headers = {"Vary": "Authorization"} | dict(format.headers())
    if not shelf.wanted.indexed:
        headers["X-Robots-Tag"] = "noindex"
    if format.attached is not None:
        headers["Content-Disposition"] = f'attachment; filename="portfolio.{format.attached}"'
    return _Begun(format.streams.in_turn(format.write(shelf)), media_type=format.media_type, headers=headers)


def format_named(name: str) -> Format:
    """Raises `Invalid`."""
    try:
        return FORMATS[name]
    except KeyError:
        known = ", ".join(FORMATS)
        raise Invalid(errors=[{"parameter": "format", "message": f"{name[:40]!r} is none of {known}"}]) from None

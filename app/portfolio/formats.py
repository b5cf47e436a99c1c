"""Every format in which a portfolio leaves."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from app.kit.errors import Invalid
from app.portfolio import listing
from app.portfolio.shelf import Shelf


@dataclass(frozen=True)
class Format:
    """How a portfolio is written, and what that is called."""

    media_type: str
    write: Callable[[Shelf], Iterator[bytes]]
    """The bytes, in pieces: a piece is made when the one before has been sent."""
    attached: str | None = None
    """The ending of a file that browsers keep; None for what they show."""


FORMATS: Mapping[str, Format] = {
    "json": Format("application/json", listing.written),
}


def format_named(name: str) -> Format:
    """Raises `Invalid`."""
    try:
        return FORMATS[name]
    except KeyError:
        known = ", ".join(FORMATS)
        raise Invalid(errors=[{"parameter": "format", "message": f"{name[:40]!r} is none of {known}"}]) from None

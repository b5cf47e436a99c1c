"""What requests and answers are made of. Tables do not validate (SQLModel); these do, at the door."""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Strict, StringConstraints

import badges


class In(BaseModel):
    """A request body: every field as declared, no other, nothing converted (`"1"` is no number, `false` no 0).

    JSON has no dates and ids: take them as `Instant`, `Day` and `Id`, and an enum as `Annotated[Kind, Strict(False)]`.
    """

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class Out(BaseModel):
    """An answer; may be filled from a row."""

    model_config = ConfigDict(from_attributes=True, use_attribute_docstrings=True)


# Control characters (C0 but for tab and line ends, DEL, C1), those that turn the direction of writing round, with which
# one name can be made to look like another (Unicode TR 36 §2.1.1), and the two that no XML or signature can carry.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def plain(text: str) -> str:
    """The text in Unicode's composed form (NFC). Raises `ValueError` for what is not seen and does something."""
    if _HIDDEN.search(text):
        raise ValueError("control characters, changes of writing direction, U+FFFE and U+FFFF are not taken")
    return unicodedata.normalize("NFC", text)


def _not_taken_away(value: Any) -> Any:
    if value is None:
        raise ValueError("cannot be taken away; leave it out to keep it as it is")
    return value


def _one_line(text: str) -> str:
    if len(text.splitlines()) != 1 or "\t" in text:
        raise ValueError("one line is needed")
    return text


def _from_json(read: Any) -> BeforeValidator:
    return BeforeValidator(lambda value: read(value) if isinstance(value, str) else value)


def _instant(text: str) -> datetime:
    try:
        return badges.instant(text)
    except badges.BadgeError as error:
        raise ValueError(error.detail) from None


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValueError("a day is written as 2026-11-04")
    return date.fromisoformat(text)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ValueError("this is not a UUID") from None


Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(plain), AfterValidator(_one_line)
]
"""Some text in one line, in Unicode's composed form (NFC)."""

Name = Annotated[Line, StringConstraints(max_length=200)]
"""What somebody or something is called."""

Prose = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(plain)]
"""Prose, in lines, in Unicode's composed form (NFC); how long it may be is each field's to say, and told as that."""

Text = Annotated[Prose, StringConstraints(max_length=10_000)]
"""Prose of the usual length."""

MOST_SIGNED = 16_384
"""Bytes of something signed elsewhere."""


def _signed(value: str | dict[str, Any]) -> str | dict[str, Any]:
    if isinstance(value, dict) and not {"@context", "type", "proof"} <= value.keys():
        raise ValueError("an object that is signed has an @context, a type and a proof")
    if len((value if isinstance(value, str) else badges.serialize(value)).encode()) > MOST_SIGNED:
        raise ValueError(f"at most {MOST_SIGNED} bytes are taken")
    return value


Signed = Annotated[str | dict[str, Any], AfterValidator(_signed)]
"""Something signed elsewhere: a JWT, or a JSON object with a Data Integrity proof."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")]
"""A short name for addresses: 1 to 63 of a to z, 0 to 9 and hyphens between."""

Instant = Annotated[datetime, Strict(), _from_json(_instant)]
"""A moment: RFC 3339 with a time zone; in UTC once read."""

Day = Annotated[date, Strict(), _from_json(_day)]
"""A day: RFC 3339 `full-date`."""

Id = Annotated[UUID, Strict(), _from_json(_id)]
"""A UUID."""

Stays = AfterValidator(_not_taken_away)
"""For a field of a PATCH that may be left out but not be null: `name: Annotated[Name | None, Stays] = None`."""

"""What was found of single people, as it is shown to them, and to stewards who say why they look."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.kit.schemas import Out
from app.metrics import periods, portrait
from app.metrics.looking import Told
from app.metrics.own import Found, WhyNot
from app.metrics.prompts import PromptKind, advice
from app.metrics.views import WindowOut


class SourceOut(Out):
    """What personal figures come from."""

    version: int
    """Of the way in which they are computed."""
    policy: str
    """SHA-256 of all numbers that people chose."""
    sha256: str
    """Of the figures, as canonical JSON (RFC 8785)."""
    computed_at: datetime


class PersonalFiguresOut(Out):
    """What was found of one person in a period: parts that are never added up, and no place in an order."""

    period: str
    window: WindowOut
    counted: bool
    """Whether this person wants to be counted; else nothing is worked out of them."""
    reason: WhyNot | None
    """Why there are no figures."""
    figures: dict[str, Any] | None
    """`participation` and `people_helped` in the period; `strengths`, by type of contribution, and `uptake` of all the
    time up to its end; the other sides of `influence`, and `belonging`, of the year up to its end. With whom somebody
    had to do counts here whether that person wants to be counted or not."""
    source: SourceOut | None
    methods: dict[str, str]
    """By JSON pointer into the figures, where it says how the figure comes about and how it misleads."""
    misleads: str


class MyFiguresOut(PersonalFiguresOut):
    """What was found of whoever asks, and what is counted for them alone."""

    brought: int | None
    """At least so many people whom you invited did something up to the period's end, of those whose joining named you,
    counted now: the multiple of five below; null if you do not want to be counted. Whoever only joined does not count,
    nor who does not want to be."""


def my_figures(found: Found, brought: int | None, public_url: str) -> MyFiguresOut:
    """As it was found, for the person."""
    return MyFiguresOut(**dict(personal_figures(found, public_url)), brought=brought)


def personal_figures(found: Found, public_url: str) -> PersonalFiguresOut:
    """As it was found."""
    row = found.row
    return PersonalFiguresOut(
        period=periods.name_of(found.window),
        window=WindowOut(since=found.window.start, until=found.window.end),
        counted=found.why_not is not WhyNot.not_counted,
        reason=found.why_not,
        figures=None if row is None else orjson.loads(row.body),
        source=None
        if row is None
        else SourceOut(version=row.version, policy=row.policy, sha256=row.sha256, computed_at=row.made_at),
        methods={part: f"{public_url}/methods/{id}" for part, id in portrait.METHODS.items()},
        misleads=portrait.MISLEADS,
    )


class NamedOut(Out):
    """Whom a note names."""

    id: UUID
    handle: str
    name: str


class NoteOut(Out):
    """Something that stewards are told of a period, in private, so that somebody looks. It accuses nobody."""

    id: UUID
    period: str
    window: WindowOut
    kind: PromptKind
    members: list[NamedOut]
    values: dict[str, Any]
    says: str
    consider: str
    """What to do about it, as a question to oneself."""
    how: str
    """How it is found."""
    misleads: str
    """What it cannot say."""
    method_url: str
    """The same for everyone to read: what stewards are told of, and how it is found."""
    computed_at: datetime


def note(told: Told, public_url: str) -> NoteOut:
    """A note with what goes with all of its kind."""
    row, advised = told.note, advice()[told.note.kind]
    about = advised.about
    return NoteOut(
        id=row.id,
        period=row.period,
        window=WindowOut(since=row.starts_at, until=row.ends_at),
        kind=row.kind,
        says=about.what,
        consider=advised.consider,
        how=about.how,
        misleads=about.misleads,
        method_url=f"{public_url}/methods/{advised.id}",
        members=[NamedOut.model_validate(person) for person in told.people],
        values=row.values,
        computed_at=row.made_at,
    )

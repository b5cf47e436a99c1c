"""What people said in their own words, read when a report is shown: what was taken back since is named as that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit.suppression import USUAL_K, enough
from app.kit.wording import plain
from app.members.tables import Member
from app.metrics.tables import MaturityOverride
from app.reports.support.rules import Readers, may_quote, quoted_to
from app.reports.support.tables import Report
from app.stories.rules import CYCLES, FIELDS, Audience
from app.stories.tables import Story
from app.stories.uptake.tables import Uptake
from app.surveys.tables import Note, Remark, RemarkState

SAID_BY = "survey participant"
"""Of whoever answered a survey nothing else is known."""


@dataclass(frozen=True)
class Told:
    """A story that is quoted."""

    id: UUID
    title: str
    cycles: Sequence[int]
    said: Sequence[tuple[str, str]]
    """What is asked, and the answer."""
    author: str | None
    """None where it does not say whose it is."""


@dataclass(frozen=True)
class Taken:
    """What was taken up elsewhere. Who did is not told."""

    what: str
    where: str
    outcome: str
    changed: str | None
    on: date


@dataclass(frozen=True)
class Heard:
    """What came of a conversation in a small group."""

    method: str
    on: date
    n: int
    themes: Sequence[str]
    summary: str | None


@dataclass(frozen=True)
class Words:
    """All that may be read today of what was said in a report's period."""

    stories: Sequence[Told] = ()
    remarks: Sequence[str] = ()
    notes: Sequence[Heard] = ()
    uptake: Sequence[Taken] = ()
    stage_reason: str | None = None
    """Why stewards say another stage than the rules, if they have said nothing since; for the community."""
    gone: Mapping[str, int] = field(default_factory=dict)
    """By kind, how many were there for these readers when the report was made and are not any more."""


def words(session: Session, row: Report, report: Mapping[str, Any], readers: Readers) -> Words:
    """Those that a report names, for these readers. What stewards wrote of the stage is for the community, as there."""
    is_inside, inside = readers is Readers.community, row.inside or {}
    quoted = [each["id"] for each in report["stories"]["quoted"] if Audience(each["audience"]) in quoted_to(readers)]
    named = quoted + (inside.get("stories", []) if is_inside else [])
    stories = _stories(session, named, readers)
    remarks = _by_id(session, Remark, report["remarks"])
    quotes = [each.quote for each in remarks if each.state is RemarkState.quoted and each.quote]
    notes = _by_id(session, Note, report["notes"])
    taken_up = inside.get("uptake", []) if is_inside else []
    taken = [shown for each in _by_id(session, Uptake, taken_up) if (shown := _taken(each)) is not None]
    stage = report.get("stewards_say") if is_inside else None
    reason = _reason(session, row, stage) if stage is not None else None
    gone = {
        "stories": len(named) - len(stories),
        "remarks": len(report["remarks"]) - len(quotes),
        "notes": len(report["notes"]) - len(notes),
        "uptake": len(taken_up) - len(taken),
        "stage_reason": int(stage is not None and reason is None),
    }
    heard = [_heard(each) for each in notes if enough(each.n, k=USUAL_K)]
    return Words(stories, quotes, heard, taken, reason, {kind: count for kind, count in gone.items() if count})


def _reason(session: Session, row: Report, stage: str) -> str | None:
    """Why stewards said so when the report was made; None where they took it back or have said something since."""
    said = session.get(MaturityOverride, row.community_id)
    same = (
        said is not None and said.stage == stage and said.said_at.isoformat() == (row.inside or {}).get("stage_said_at")
    )
    return said.reason if said is not None and same else None


def _stories(session: Session, named: Sequence[str], readers: Readers) -> list[Told]:
    rows = [
        row
        for row in _by_id(session, Story, named)
        if row.withdrawn_at is None and may_quote(row.audience, row.may_quote, readers)
    ]
    rows.sort(key=lambda row: row.row, reverse=True)
    authors = [row.author_id for row in rows if row.named]
    names = dict(session.exec(select(Member.id, Member.name).where(col(Member.id).in_(authors))).all())
    return [
        Told(row.id, row.title or "", [int(cycle) for cycle in row.cycles], _said(row), names.get(row.author_id))
        for row in rows
    ]


def _said(row: Story) -> list[tuple[str, str]]:
    asked = dict(zip(FIELDS, [*CYCLES.values(), "How well do we talk with those on whom it depends?",
                              "How well is it supported?"], strict=True))  # fmt: skip
    return [(question, words) for name, question in asked.items() if (words := getattr(row, name))]


def _taken(row: Uptake) -> Taken | None:
    if row.withdrawn_at is not None or row.what is None:
        return None
    return Taken(row.what, row.place or "", row.outcome or "", row.organisational_change, row.happened_at.date())


def _heard(row: Note) -> Heard:
    return Heard(plain(row.method), row.held_on, row.n, [str(each) for each in row.themes], row.summary)


def _by_id(session: Session, table: Any, ids: Sequence[Any]) -> list[Any]:
    """The rows that are there, in the order in which they are named."""
    wanted = [UUID(str(id)) for id in ids]
    found = {row.id: row for row in session.exec(select(table).where(col(table.id).in_(wanted))).all()}
    return [found[id] for id in wanted if id in found]

"""Reports as they are answered."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import Field

from app.kit.schemas import In, Out
from app.reports.support.rules import Readers
from app.reports.support.tables import Report
from app.reports.support.words import SAID_BY, Words


class PublicationIn(In):
    """That everyone may read a report."""

    indexed: bool = Field(default=False, description="Whether search engines may list its page.")


class ReportOut(Out):
    """A report, without what it says."""

    id: UUID
    period: str
    sha256: str
    """Of the report, as canonical JSON (RFC 8785)."""
    made_at: datetime
    published_at: datetime | None
    """Since when everyone may read it at `public_url`."""
    public_url: str | None
    indexed: bool


class StoryToldOut(Out):
    """A value story that its author lets be quoted."""

    id: UUID
    title: str
    cycles: list[int]
    said: list[dict[str, str]]
    author: str | None


class HeardOut(Out):
    """What came of a conversation in a small group."""

    method: str
    held_on: date
    n: int
    themes: list[str]
    summary: str | None


class TakenUpOut(Out):
    """What was taken up elsewhere, and what came of it."""

    what: str
    where: str
    outcome: str
    organisational_change: str | None
    happened_on: date


class QuoteOut(Out):
    """What somebody said in a survey."""

    text: str
    said_by: str


class WordsOut(Out):
    """What people said in their own words, as far as they let it be quoted to these readers today."""

    stories: list[StoryToldOut]
    remarks: list[QuoteOut]
    notes: list[HeardOut]
    uptake: list[TakenUpOut]
    """For readers in the community; others see how many there are."""
    stage_reason: str | None
    """Why stewards say another stage than the rules do, for members, if they have said nothing since."""
    withdrawn: dict[str, int]
    """By kind, how many were quoted when the report was made and are not any more."""


class ReportInFullOut(ReportOut):
    """A report, with the very document that `sha256` is the digest of, and people's words as they stand today."""

    readers: Readers
    report: dict[str, Any]
    words: WordsOut


def body_of(row: Report) -> dict[str, Any]:
    """What it says."""
    found: dict[str, Any] = orjson.loads(row.body)
    return found


def shown(row: Report, public_url: str) -> ReportOut:
    """As it is listed."""
    return ReportOut(**_said(row, public_url))


def in_full(row: Report, report: Mapping[str, Any], words: Words, readers: Readers, public_url: str) -> ReportInFullOut:
    """All of it."""
    return ReportInFullOut(**_said(row, public_url), readers=readers, report=dict(report), words=_words(words))


def page_url(row: Report, public_url: str) -> str | None:
    """Where everyone reads it, if they may."""
    return f"{public_url}/reports/{row.id}" if row.published_at is not None else None


def _said(row: Report, public_url: str) -> dict[str, Any]:
    names = ("id", "period", "sha256", "made_at", "published_at", "indexed")
    return {name: getattr(row, name) for name in names} | {"public_url": page_url(row, public_url)}


def _words(words: Words) -> WordsOut:
    return WordsOut(
        stories=[
            StoryToldOut(
                id=each.id,
                title=each.title,
                cycles=list(each.cycles),
                said=[{"asked": asked, "answer": answer} for asked, answer in each.said],
                author=each.author,
            )
            for each in words.stories
        ],
        remarks=[QuoteOut(text=each, said_by=SAID_BY) for each in words.remarks],
        notes=[
            HeardOut(method=each.method, held_on=each.on, n=each.n, themes=list(each.themes), summary=each.summary)
            for each in words.notes
        ],
        uptake=[
            TakenUpOut(
                what=each.what,
                where=each.where,
                outcome=each.outcome,
                organisational_change=each.changed,
                happened_on=each.on,
            )
            for each in words.uptake
        ],
        stage_reason=words.stage_reason,
        withdrawn=dict(words.gone),
    )

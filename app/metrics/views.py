"""Figures as they are shown at the door."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from app.kit.schemas import Out
from app.metrics import results
from app.metrics.families import Family
from app.metrics.methods import TOLD
from app.metrics.metric import Explained, Metric
from app.metrics.tables import Published


class WindowOut(Out):
    """A period's ends."""

    since: datetime = Field(serialization_alias="from")
    until: datetime = Field(serialization_alias="to")
    """The first instant after."""


class FigureOut(Out):
    """One figure of one period."""

    metric: str
    """Its id: `P3`."""
    name: str
    version: int
    """Of the way in which it is computed."""
    window: WindowOut
    n: int | None
    """It rests on at least so many people, in steps of `k`; null where there are fewer, or it is not told of such a
    period."""
    k: int
    """Nothing is told of fewer people."""
    value: Any
    """What is told; null where nothing is."""
    suppressed: bool
    """Whether no number is told that would rest on people, since each would tell of too few."""
    reason: str | None
    """Why there is no value, or not all of it: of few members, `too-few-for-rates` alone."""
    withheld: list[str]
    """JSON pointers to the parts of the value that would tell of too few people: null there, or left out. Groups that
    are told neither by name nor together are `…/other`."""
    rates_withheld: list[str]
    """JSON pointers to shares and rates: of a community of fewer than twenty members none are told."""
    computed_at: datetime
    method_url: str
    """What it is, how it is computed, and how it misleads."""


class SnapshotOut(Out):
    """What was published of a period, once."""

    id: UUID
    family: Family
    period: str
    window: WindowOut
    policy: str
    """SHA-256 of all numbers that people chose."""
    sha256: str
    """Of the figures, as canonical JSON (RFC 8785)."""
    computed_at: datetime


class FiguresOut(Out):
    """The figures of a period."""

    items: list[FigureOut]
    snapshot: SnapshotOut
    """What they are read from."""


class SnapshotInFullOut(SnapshotOut):
    """What was published of a period, with the very bytes."""

    body: str
    """The figures, as canonical JSON: what `sha256` is the digest of."""


class MethodOut(Out):
    """How a figure comes about."""

    metric: str
    name: str
    version: int
    what: str
    """What it says."""
    how: str
    """How it is computed."""
    told: str | None
    """How its numbers are told; null of what has none."""
    misleads: str
    """How it is misread, and what it cannot say."""
    sources: list[str]
    method_url: str


def figures(row: Published, public_url: str) -> FiguresOut:
    """What was published, figure by figure."""
    items = [
        FigureOut(
            metric=one.metric,
            name=one.name,
            version=one.version,
            window=WindowOut(since=one.window.start, until=one.window.end),
            n=one.n,
            k=one.k,
            value=one.value,
            suppressed=one.suppressed,
            reason=one.reason.value if one.reason is not None else None,
            withheld=list(one.withheld),
            rates_withheld=list(one.rates_withheld),
            computed_at=row.made_at,
            method_url=_method_url(one.metric, public_url),
        )
        for one in results.read(row.body)
    ]
    return FiguresOut(items=items, snapshot=snapshot(row))


def snapshot(row: Published) -> SnapshotOut:
    """What was published, without the figures."""
    return SnapshotOut(**_said(row))


def snapshot_in_full(row: Published) -> SnapshotInFullOut:
    """With them."""
    return SnapshotInFullOut(**_said(row), body=row.body.decode())


def method(metric: Explained, public_url: str) -> MethodOut:
    """A figure's public page, as data."""
    about = metric.about
    return MethodOut(
        metric=metric.id,
        name=metric.name,
        version=metric.version,
        what=about.what,
        how=about.how,
        told=TOLD if isinstance(metric, Metric) else None,
        misleads=about.misleads,
        sources=list(about.sources),
        method_url=_method_url(metric.id, public_url),
    )


def _said(row: Published) -> dict[str, Any]:
    return {
        "id": row.id,
        "family": row.family,
        "period": row.period,
        "window": WindowOut(since=row.starts_at, until=row.ends_at),
        "policy": row.policy,
        "sha256": row.sha256,
        "computed_at": row.made_at,
    }


def _method_url(metric: str, public_url: str) -> str:
    return f"{public_url}/methods/{metric}"

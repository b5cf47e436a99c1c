"""Use-case: what was published is worked out again, from what is known today, and held against it.

A figure rests on what was known when it was published, and whatever happens afterwards the same bytes come out. Where
they do not and something was recorded about that time since (a correction, a late report, somebody who does not want to
be counted any more), that is said rather than called an error: what was published stays as it is.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, select

from app.members.tables import Community
from app.metrics.families import Family
from app.metrics.loading import facts_of
from app.metrics.periods import Window
from app.metrics.publishing import POLICY, issued
from app.metrics.tables import Published


class Again(StrEnum):
    """What came of it."""

    same = "the same to the byte"
    past_changed = "something was recorded about that time since"
    rules_changed = "the numbers that people choose have changed since"
    differs = "it comes out otherwise"
    """From the same facts by the same rules: by another version of the service, or somebody wrote into the database.

    What somebody wrote there is told from what was recorded since only as long as nothing was, about that time."""


@dataclass(frozen=True)
class Held:
    """The figures of a family for a period, and what came of working them out again."""

    period: str
    family: Family
    again: Again


def held_against(session: Session, community: Community) -> Iterator[Held]:
    """Everything that was published of a community, in the order in which it was."""
    facts = facts_of(session, community)
    chosen = select(Published).where(Published.community_id == community.id)
    rows = sorted(session.exec(chosen).all(), key=lambda row: (row.ends_at, row.ends_at - row.starts_at, row.id))
    by_window = defaultdict[Window, list[Published]](list)
    for row in rows:
        by_window[Window(row.starts_at, row.ends_at)].append(row)
    for window, published in by_window.items():
        issue = issued(facts, window, now=published[0].made_at)
        for row in published:
            yield Held(row.period, row.family, _compared(row, issue.facts, issue.bodies[row.family]))


def _compared(row: Published, facts: str, body: bytes) -> Again:
    if row.body == body:
        return Again.same
    if row.policy != POLICY.digest:
        return Again.rules_changed
    return Again.differs if row.facts == facts else Again.past_changed

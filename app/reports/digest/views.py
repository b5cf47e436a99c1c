"""A week as data."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.kit.schemas import Out
from app.reports.digest.recognised import Recognised
from app.reports.digest.rules import STAGNANT
from app.reports.digest.service import Thing, Told
from app.reports.digest.tables import Digest


class DigestRowOut(Out):
    """A week that was put together."""

    id: UUID
    week: str = Field(examples=["2026-W43"])
    starts_at: datetime
    ends_at: datetime
    """The first instant after."""
    made_at: datetime


class RecognisedOut(Out):
    """Somebody was recognised, and accepted it."""

    id: UUID
    whom: str | None
    achievement: str
    url: str
    """Its page where everybody may see it, else its own address, to GET with your token."""
    at: datetime


class ThingOut(Out):
    """Something that was told, held, asked or answered."""

    id: UUID
    title: str
    by: str | None
    """Whose it is, where that is said."""
    url: str | None
    at: datetime


class PromptOut(Out):
    """Something that a steward is asked to look at."""

    code: str
    text: str


class StewardsOut(Out):
    """What stewards alone are told. It names nobody: who looks at people says why."""

    since: datetime
    until: datetime
    unsung: int | None
    """How many at least, in steps of five, did far more in this time than they were recognised for: consider
    nominating. Null of fewer."""
    stagnant: list[PromptOut]
    """What looks stagnant and did not the week before."""


class DigestOut(DigestRowOut):
    """A week, as you may know it. What was taken back since is not in it."""

    community: str
    recognised: list[RecognisedOut]
    more_recognised: int
    """How many there are besides."""
    stories: list[ThingOut]
    gatherings: list[ThingOut]
    asked: list[ThingOut]
    answered: list[ThingOut]
    to_second: int
    """Nominations of others that you may stand behind."""
    open_needs: int | None
    """Questions and topics of this week and before that nobody had answered when it was put together; null for
    platforms."""
    joined: int | None
    """How many at least, in steps of five; null of fewer, and where the figures of the week do not tell it."""
    newcomers: list[str]
    """Those of them who agreed to be named; none for platforms."""
    returned: int | None
    """How many at least, in steps of five, were active again after a long absence; null of fewer."""
    stewards: StewardsOut | None
    """Null for everybody else."""


def row(digest: Digest) -> DigestRowOut:
    """A week in the list of them."""
    return DigestRowOut.model_validate(digest)


def digest(told: Told) -> DigestOut:
    """A week in full."""
    return DigestOut(
        **row(told.digest).model_dump(),
        community=told.community.slug,
        recognised=[recognised(each) for each in told.recognised],
        more_recognised=told.contents.recognitions.more,
        stories=[_thing(each) for each in told.stories],
        gatherings=[_thing(each) for each in told.gatherings],
        asked=[_thing(each) for each in told.asked],
        answered=[_thing(each) for each in told.answered],
        to_second=told.to_second,
        open_needs=told.open_needs,
        joined=told.contents.joined,
        newcomers=list(told.newcomers),
        returned=told.contents.returned,
        stewards=_stewards(told),
    )


def _stewards(told: Told) -> StewardsOut | None:
    if told.prompts is None:
        return None
    asked = [PromptOut(code=code, text=STAGNANT[code]) for code in told.prompts.new]
    return StewardsOut(since=told.prompts.since, until=told.prompts.until, unsung=told.prompts.unsung, stagnant=asked)


def recognised(one: Recognised) -> RecognisedOut:
    """Something to celebrate."""
    return RecognisedOut.model_validate(one)


def _thing(one: Thing) -> ThingOut:
    return ThingOut.model_validate(one)

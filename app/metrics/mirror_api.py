"""Doors: how peers see whoever calls. For them alone: no steward reads it, nor does anybody with another token."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.kit.deps import ReadSessionDep
from app.kit.schemas import Out
from app.kit.strict import router as strict_router
from app.members.tables import Member
from app.metrics import echoes, mirror, periods
from app.metrics.echoes import RECOGNITIONS, Form, Saying
from app.nominations.doors import Myself, person_of

router = strict_router(tags=["me"])

MOST = 200


class SpeakerOut(Out):
    """Who said something; somebody beyond the community has no id."""

    id: UUID | None
    name: str


class TimesOut(SpeakerOut):
    """Somebody, and how often they said something."""

    times: int


class WordOut(Out):
    """A word, and how many people used it."""

    word: str
    people: int


class SayingOut(Out):
    """What one peer said."""

    at: datetime
    """When you received the recognition."""
    form: Form
    by: SpeakerOut | None
    """None where the community said it, or somebody who chose not to be named to you."""
    type: str | None
    about: str | None
    """The name of the achievement."""
    words: str | None
    skills: list[str]


class MirrorOut(Out):
    """How peers see you: types, people and words, of the recognitions that you received and that stand."""

    recognitions: int
    types: dict[str, int]
    """By type of contribution, how often it was recognised."""
    people: list[TimesOut]
    """In the order of their names."""
    words: list[WordOut]
    """Of five letters and more, which several people used."""
    skills: list[str]
    sayings: list[SayingOut]
    """Newest first."""
    more: bool
    """Whether there are more sayings than these; ask by period."""


@router.get("/v1/me/mirror")
def read_mirror(
    caller: Myself,
    session: ReadSessionDep,
    period: Annotated[
        str | None, Query(max_length=20, description="Received in `2026-W43`, `2026-10`, `2026-Q4`, `2026`.")
    ] = None,
) -> MirrorOut:
    """How peers see you: what they recognised you for, who they were, and in which words they said it."""
    window = periods.parse(period) if period is not None else None
    return _shown(mirror.said_of(session, session.get_one(Member, person_of(caller)), window))


def _shown(said: Sequence[Saying]) -> MirrorOut:
    return MirrorOut(
        recognitions=sum(each.form in RECOGNITIONS for each in said),
        types=echoes.types(said),
        people=[TimesOut(id=who.id, name=who.name, times=times) for who, times in echoes.people(said)],
        words=[WordOut(word=word, people=people) for word, people in echoes.words(said)],
        skills=echoes.skills(said),
        sayings=[SayingOut.model_validate(each) for each in said[:MOST]],
        more=len(said) > MOST,
    )

"""Use-cases: a member draws a slip, and somebody with a slip answers.

The two have nothing in common but the wave. A drawing sets one bit in a row that has everybody's, and writes nothing of
the slip. An answer adds to sealed rows that hold many, sorted. Neither is in the journal, has a time, or an id of its
own: so what is on record is the same, whoever of those who drew answered what, and in whatever order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlmodel import Session, col, select

from app.kit.errors import Conflict, FieldError, Forbidden, Invalid
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.links import accounts_of
from app.surveys import slips
from app.surveys.counting import NOT_SAID, Ballot
from app.surveys.rules import Instrument
from app.surveys.service import asked_in
from app.surveys.tables import Invited, Roll, Spent, Urn, Wave, WaveState

FULL = 256
"""Answers in one row: enough to be nobody's in particular, few enough to write anew with each."""


class WaveNotOpen(Conflict):
    """The wave is not open."""

    code = "wave-not-open"
    fix = "Come back between the days that the wave names; afterwards its results are told."


class NotInvited(Forbidden):
    """Who was a member when the wave opened may answer."""

    code = "not-invited"
    fix = "Wait for the next wave."


class SlipDrawn(Conflict):
    """You have drawn your slip."""

    code = "slip-drawn"
    fix = "Use that one. Nobody can find it again: nothing was kept of it."


class NoSuchSlip(Forbidden):
    """This is no slip of this wave."""

    code = "no-such-slip"
    fix = "Draw one: POST …/waves/{wave}/slip, as a member."


class SlipSpent(Conflict):
    """This slip has been used: its answer counts already."""

    code = "slip-spent"
    fix = "There is nothing to do. What was answered cannot be found again, so it cannot be changed either."


@dataclass(frozen=True)
class Answer:
    """What somebody answers."""

    options: Mapping[str, int]
    """By question."""
    importance: int | None
    affiliation: str | None
    remark: str | None
    may_quote: bool


@dataclass
class Contents:
    """What is in a part of the urn."""

    ballots: list[Ballot]
    remarks: list[tuple[str, bool]]
    """Each a text, and whether it may be quoted."""


def draw(session: Session, wave: Wave, member: UUID, *, at: Installation, on: Occasion) -> str:
    """A slip for a member, once. Raises `WaveNotOpen`, `NotInvited`, `SlipDrawn`."""
    _require_open(session, wave, on=on)
    place = _places(session, wave, member)
    if not place:
        raise NotInvited(f"The wave opened on {wave.opens_on}, and you were not a member then.")
    roll = session.exec(select(Roll).where(Roll.wave_id == wave.id).with_for_update()).one()
    if any(slips.is_marked(roll.drawn, each) for each in place):
        raise SlipDrawn("A slip is drawn once.")
    roll.drawn = slips.marked(roll.drawn, place[0])
    session.add(roll)
    session.flush()
    return slips.drawn(_key(roll, at), on.ids)


def asked(session: Session, wave: Wave, slip: str, *, at: Installation, on: Occasion) -> Instrument:
    """What the bearer of a slip is asked; looking changes nothing. Raises `WaveNotOpen`, `NoSuchSlip`, `SlipSpent`."""
    _refuse_unless_open(wave, on=on)
    _require_genuine(session, wave, slip, at)
    if session.get(Spent, (wave.id, slips.digest(slip))) is not None:
        raise SlipSpent("A slip is good for one answer.")
    return asked_in(session, wave)


def answer(session: Session, wave: Wave, slip: str, given: Answer, *, at: Installation, on: Occasion) -> int:
    """Counts what the bearer of a slip answers; how many questions that is.

    Raises `WaveNotOpen`, `NoSuchSlip`, `Invalid`, `SlipSpent`.
    """
    _require_open(session, wave, on=on)
    _require_genuine(session, wave, slip, at)
    ballot = _ballot(asked_in(session, wave), wave, given)
    if not insert_if_absent(session, Spent(wave_id=wave.id, digest=slips.digest(slip))):
        raise SlipSpent("A slip is good for one answer.")
    part = _part(session, wave, at)
    contents = opened(part, at)
    contents.ballots.append(ballot)
    if given.remark:
        contents.remarks.append((given.remark, given.may_quote))
    part.sealed = sealed(part, contents, at)
    session.add(part)
    session.flush()
    return sum(1 for option in ballot.options if option)


def _require_open(session: Session, wave: Wave, *, on: Occasion) -> None:
    """Holds the wave's row with others who draw and answer, so that it is not counted meanwhile."""
    session.refresh(wave, with_for_update={"read": True})
    _refuse_unless_open(wave, on=on)


def _refuse_unless_open(wave: Wave, *, on: Occasion) -> None:
    if wave.state is not WaveState.open or not wave.opens_on <= on.now.date() < wave.closes_on:
        raise WaveNotOpen(f"It is {wave.state}: it is open from {wave.opens_on}, and closed from {wave.closes_on} on.")


def _require_genuine(session: Session, wave: Wave, slip: str, at: Installation) -> None:
    roll = session.exec(select(Roll).where(Roll.wave_id == wave.id)).one()
    if not slips.is_genuine(_key(roll, at), slip):
        raise NoSuchSlip("It was not drawn in this wave.")


def _places(session: Session, wave: Wave, member: UUID) -> list[int]:
    """Those of a person in the roll: of all their memberships that were invited, if some turned out to be one's."""
    same = accounts_of(session, wave.community_id, [member])
    theirs = select(Invited.place).where(Invited.wave_id == wave.id, col(Invited.member_id).in_(same))
    return sorted(session.exec(theirs).all())


def _key(roll: Roll, at: Installation) -> bytes:
    return at.vault.open(roll.sealed_key, bound_to=bound_key(roll.wave_id))


def _ballot(instrument: Instrument, wave: Wave, given: Answer) -> Ballot:
    """Raises `Invalid`."""
    found = _flaws(instrument, wave, given)
    if found:
        raise Invalid(errors=[FieldError(pointer=pointer, message=why) for pointer, why in found])
    return Ballot(
        options=tuple(given.options.get(question.key, 0) for question in instrument.questions),
        importance=given.importance or 0,
        affiliation=given.affiliation or NOT_SAID,
    )


def _flaws(instrument: Instrument, wave: Wave, given: Answer) -> list[tuple[str, str]]:
    highest, keys = len(instrument.options), {question.key for question in instrument.questions}
    found = [(f"/answers/{key}", "is not asked") for key in given.options.keys() - keys]
    found += [
        (f"/answers/{key}", f"is a number from 1 to {highest}")
        for key, option in given.options.items()
        if key in keys and not 1 <= option <= highest
    ]
    if not given.options:
        found.append(("/answers", "holds one answer at least"))
    most = len(instrument.importance.options) if instrument.importance else 0
    if given.importance is not None and not 1 <= given.importance <= most:
        found.append(("/importance", f"is a number from 1 to {most}" if most else "is not asked"))
    if given.affiliation is not None and given.affiliation not in wave.affiliations:
        found.append(("/affiliation", "is none of the wave's `affiliations`"))
    if given.remark is not None and instrument.free_text is None:
        found.append(("/remark", "is not asked"))
    return sorted(found)


def _part(session: Session, wave: Wave, at: Installation) -> Urn:
    """The last part of the urn, held; a new one where that is full."""
    chosen = select(Urn).where(Urn.wave_id == wave.id)
    last = session.exec(chosen.order_by(col(Urn.part).desc()).limit(1).with_for_update()).one()
    while len(opened(last, at).ballots) >= FULL:
        insert_if_absent(session, empty(wave, last.part + 1, at))
        last = session.exec(chosen.where(Urn.part == last.part + 1).with_for_update()).one()
    return last


def empty(wave: Wave, part: int, at: Installation) -> Urn:
    """A part of the urn with nothing in it."""
    made = Urn(wave_id=wave.id, part=part, sealed=b"")
    made.sealed = sealed(made, Contents([], []), at)
    return made


def opened(part: Urn, at: Installation) -> Contents:
    """What is in a part."""
    read: dict[str, Any] = orjson.loads(at.vault.open(part.sealed, bound_to=_bound(part)))
    ballots = [Ballot(tuple(options), importance, name) for options, importance, name in read["ballots"]]
    return Contents(ballots, [(text, may_quote) for text, may_quote in read["remarks"]])


def sealed(part: Urn, contents: Contents, at: Installation) -> bytes:
    """The same, as it is kept: sorted, so that it tells of no order."""
    ballots = [[each.options, each.importance, each.affiliation] for each in sorted(contents.ballots)]
    written = orjson.dumps({"ballots": ballots, "remarks": sorted(contents.remarks)})
    return at.vault.seal(written, bound_to=_bound(part))


def bound_key(wave: UUID) -> str:
    """What a wave's key is bound to."""
    return f"survey_roll/{wave}"


def _bound(part: Urn) -> str:
    return f"survey_urn/{part.wave_id}/{part.part}"

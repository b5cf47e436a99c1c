"""A nomination as somebody sees it: every part as `sight` allows it to their relations."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Response

from app.kit.installation import Installation
from app.kit.schemas import Out
from app.nominations.doors import Seen, is_named_to, known_as
from app.nominations.evidence import EvidenceState, states
from app.nominations.linting import lint
from app.nominations.review_views import DecisionOut, decided
from app.nominations.rules import OPEN, SECONDED_WAIT, State
from app.nominations.sight import HARMED, Part, Relation, Sight, StateTold, shown_state
from app.nominations.tables import Second


class PersonOut(Out):
    """Somebody who takes part; a pseudonym where the policy keeps names back."""

    id: UUID | None
    handle: str | None
    name: str


class NomineeOut(Out):
    """Somebody whom it is about. Of those who were named by an address only stewards, reviewers and they themselves
    see which member it is, if any; others once they have accepted. Until then `name` is what the nominator wrote, and
    null once the offer has come to an end."""

    id: UUID
    member: UUID | None
    handle: str | None
    name: str | None
    state: StateTold | None
    """How it stands with their own offer; for stewards and for themselves."""
    credential: UUID | None
    """The badge that came of it; for stewards and for themselves."""


class SecondOut(Out):
    """A second; `reason` where you may read it."""

    id: UUID
    by: PersonOut | None
    reason: str | None
    publish: bool
    """Whether reason and name may go into the badge."""
    at: datetime


class HintOut(Out):
    """Something to think about before others read it; `pointer` says where it stands."""

    pointer: str
    message: str


class NominationOut(Out):
    """A nomination, as far as you may see it: what is not for you is null."""

    id: UUID
    state: StateTold
    """`closed` is what others than nominee and stewards hear of an offer that was refused or not answered. Of a
    nomination that is held, others than stewards, and a nominee who reported it, hear the state that it had before."""
    version: int | None
    """Counts every change; for stewards, who see every change. The ETag is of what you see."""
    achievement: UUID
    achievement_version: int
    """The version whose policy counts for it."""
    nominees: list[NomineeOut]
    nominator: PersonOut | None
    statement: dict[str, Any] | None
    """`person`, `contribution`, `context` and `impact`; what is not written yet is left out."""
    evidence: list[dict[str, Any]] | None
    """Each with `url`, and `name` and `description` if they were given."""
    evidence_state: list[EvidenceState] | None
    """Of each piece of evidence: `seen` by the service; `changed` since it was submitted; `unread` where nothing could
    be fetched, which says nothing against it; `not_looked_at` yet. For stewards and reviewers."""
    participation: dict[str, Any] | None
    """Which contributions of the nominee the badge is to rest on, if they agree: `since`, `until`, `types`; null for
    none."""
    text_version: int
    """Counts the changes of what stands in it. An answer to an offer can name the one that was read."""
    narrative_proposed: str | None
    """What a nominee would rather have their badge say; for them, the nominator and stewards."""
    seconds: list[SecondOut] | None
    """Those that you may read; a seconder reads their own."""
    seconds_given: int | None
    """How many stand behind it; null for the nominee, and for who was asked to and has not."""
    seconds_needed: int
    """How many the policy asks for."""
    deadline: datetime | None
    """When the time of the present state is over: of `submitted` and `offered` it then expires, of `under_review` the
    seats of who is silent go to others, of `needs_info` the review goes on, of `seconded` and `held` a steward is
    reminded. Until when a decision may be appealed is in `decision`."""
    waiting_for_reviewer: bool
    """Whether it stands still for want of people: too few without a stake in it are there to weigh it, or nobody to
    take the seats of those whose time is over. It is looked for them every hour, and stewards have been told: one
    without a stake in it, or where there is none the admin of the installation, appoints somebody, who may be a guest
    from another community (`POST …/reviewers`). Nothing is lost by waiting."""
    relations: list[Relation]
    """What you are to it: that decides what you see and may do."""
    lint: list[HintOut] | None
    """What its texts say that is not for a badge to tell; for the nominator and stewards."""
    withdrawn_because: str | None
    """What whoever withdrew it said, for the nominator and stewards."""
    merged_into: UUID | None
    """The nomination of somebody else in which it counts as a second."""
    previous: UUID | None
    """The nomination that this one takes up again."""
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    appeal: str | None
    """The new argument, once a decision was appealed (`POST …/appeals`)."""
    decision: DecisionOut | None
    """The last word of a panel, for whom it is."""


WAITS: dict[int | str, dict[str, Any]] = {
    202: {
        "model": NominationOut,
        "description": "Done as far as it goes; it goes on once there is somebody without a stake in it who may weigh "
        "it (`waiting_for_reviewer`).",
    }
}
"""How a route is answered beside its usual status, where what it does may have to wait."""


def shown(found: Seen, *, at: Installation, now: datetime) -> NominationOut:
    """What the viewer sees of it."""
    case, nomination = found.case, found.case.nomination
    reads_text = found.sees(Part.text, now) is Sight.full
    counts = found.sees(Part.counts, now) is not Sight.nothing
    return NominationOut(
        id=nomination.id,
        state=shown_state(
            case.state(now),
            held_from=nomination.held_from,
            was_offered=nomination.decided_at is not None,
            relations=found.relations,
        ),
        version=nomination.version if Relation.steward in found.relations else None,
        achievement=nomination.achievement_id,
        achievement_version=nomination.achievement_version,
        nominees=nominees_of(found, at=at, now=now),
        nominator=_nominator(found, now),
        statement=nomination.statement if reads_text else None,
        evidence=nomination.evidence if reads_text else None,
        evidence_state=states(case) if found.relations & {Relation.steward, Relation.reviewer} else None,
        participation=nomination.participation if reads_text else None,
        text_version=nomination.text_version,
        narrative_proposed=nomination.narrative_proposed if reads_text and _agrees(found) else None,
        seconds=_seconds(found, now),
        seconds_given=len(case.seconds) if counts else None,
        seconds_needed=case.policy.min_seconds,
        deadline=_deadline(found, now),
        waiting_for_reviewer=waits(found),
        relations=sorted(found.relations),
        lint=_lint(found),
        withdrawn_because=nomination.note if _was_withdrawn(found) else None,
        merged_into=nomination.merged_into_id,
        previous=nomination.previous_id,
        created_at=nomination.created_at,
        submitted_at=nomination.submitted_at,
        decided_at=nomination.decided_at,
        appeal=nomination.appeal if reads_text else None,
        decision=decided(found, now=now),
    )


def tag_of(answer: NominationOut) -> str:
    """The entity tag of a nomination as somebody sees it: what they do not see does not move it (RFC 9110 §8.8.3)."""
    return hashlib.sha256(answer.model_dump_json().encode()).hexdigest()


def nominees_of(found: Seen, *, at: Installation, now: datetime) -> list[NomineeOut]:
    """Everybody who knows of a nomination knows whom it is about; how each answered, only they and the stewards."""
    case, told = found.case, Relation.steward in found.relations
    out = []
    for nominee in case.nominees:
        mine = nominee.member_id is not None and nominee.member_id == found.member
        person = case.people.get(nominee.member_id) if nominee.member_id and is_named_to(found, nominee) else None
        out.append(
            NomineeOut(
                id=nominee.id,
                member=person.id if person else None,
                handle=person.handle if person else None,
                name=known_as(found, nominee, at=at, now=now),
                state=nominee.state.value if nominee.state and (told or mine) else None,
                credential=nominee.credential_id if told or mine else None,
            )
        )
    return out


def _deadline(found: Seen, now: datetime) -> datetime | None:
    """When the present clock ends; of what is held, others than stewards see the clock as it stood.

    What waits for its panel has its time again whenever that is over, and so it is seen of what is held then.
    """
    nomination = found.case.nomination
    if nomination.state is not State.held or Relation.steward in found.relations:
        return found.case.deadline()
    if nomination.clock_since is None or nomination.held_left is None:
        return None
    end = nomination.clock_since + timedelta(seconds=nomination.held_left)
    if nomination.held_from is State.seconded and end <= now:
        end += ((now - end) // SECONDED_WAIT + 1) * SECONDED_WAIT
    return end


def _was_withdrawn(found: Seen) -> bool:
    """Whether this viewer hears why it was withdrawn."""
    told = found.relations & {Relation.nominator, Relation.steward}
    return bool(told) and found.case.nomination.state is State.withdrawn


def _agrees(found: Seen) -> bool:
    """Whether the words of the badge are this viewer's to agree to."""
    return bool(found.relations & {Relation.nominator, Relation.nominee, Relation.steward})


def _nominator(found: Seen, now: datetime) -> PersonOut | None:
    sight, person = found.sees(Part.nominator, now), found.case.nominator
    if sight is Sight.pseudonym:
        return PersonOut(id=None, handle=None, name="the nominator")
    return PersonOut(id=person.id, handle=person.handle, name=person.name) if sight is Sight.full else None


def _seconds(found: Seen, now: datetime) -> list[SecondOut] | None:
    sight = found.sees(Part.reasons, now)
    if sight is Sight.nothing:
        return None
    return [_second(found, second) for second in found.case.seconds if sight is Sight.full or _mine(found, second)]


def _mine(found: Seen, second: Second) -> bool:
    return second.member_id == found.member


def _second(found: Seen, second: Second) -> SecondOut:
    """Names as each chose: the nominee reads every reason, and the names of those who put theirs to it."""
    person = found.case.people[second.member_id]
    only_nominee = Relation.nominee in found.relations and found.relations <= HARMED
    named = second.publish or not only_nominee
    by = PersonOut(id=person.id, handle=person.handle, name=person.name) if named else None
    return SecondOut(id=second.id, by=by, reason=second.reason, publish=second.publish, at=second.at)


def answered(found: Seen, response: Response, *, at: Installation, now: datetime) -> NominationOut:
    """202 where it is done as far as it goes, and goes on once there is somebody who may weigh it."""
    if waits(found):
        response.status_code = 202
    return shown(found, at=at, now=now)


def waits(found: Seen) -> bool:
    """Whether it goes on only once there is somebody who may weigh it: what is then done is accepted, not complete.

    What is held looks to others than stewards like what waits.
    """
    nomination = found.case.nomination
    unsaid = Relation.steward not in found.relations and nomination.state is State.held
    return (nomination.waiting_since is not None and nomination.state in OPEN) or (
        unsaid and nomination.held_from is State.seconded
    )


def _lint(found: Seen) -> list[HintOut] | None:
    if not found.relations & {Relation.nominator, Relation.steward}:
        return None
    nomination = found.case.nomination
    texts = {f"/statement/{field}": text for field, text in (nomination.statement or {}).items()}
    texts |= {f"/evidence/{n}/description": item.get("description") for n, item in enumerate(nomination.evidence)}
    texts |= {f"/seconds/{n}/reason": second.reason for n, second in enumerate(found.case.seconds)}
    hints = lint({pointer: text for pointer, text in texts.items() if text})
    return [HintOut(pointer=hint.pointer, message=hint.message) for hint in hints]

"""Doors of those who propose and those who stand behind: nominating, editing, inviting, seconding, withdrawing."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field, model_validator
from sqlmodel import select

from app.kit.addresses import Email, WebUrl
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden, Invalid
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.installation import Installation
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, In, Name, Stays, Text
from app.kit.strict import router as strict_router
from app.members.auth import occasion
from app.members.service import community_by_slug, member_named
from app.nominations import seconding, writing
from app.nominations.doors import (
    Asked,
    Concerned,
    Ending,
    Leading,
    Participant,
    Seconding,
    Seen,
    Writing,
    locked,
    person_of,
    readable,
    relations_of,
    seen,
    seen_row,
)
from app.nominations.nominees import Proposed
from app.nominations.sight import Relation
from app.nominations.tables import Nomination
from app.nominations.views import WAITS, NominationOut, shown, tag_of, waits

router = strict_router(tags=["nominations"])

Passage = Annotated[Text, Field(min_length=1, max_length=4000)]


class StatementIn(In):
    """Good praise names the person, what they did, where, and what came of it. Write as if they will read it."""

    person: Passage | None = None
    """Whom it is about. Needed to submit, as the other three; a draft may leave it out."""
    contribution: Passage | None = None
    """What they did. Needed to submit."""
    context: Passage | None = None
    """Where and when. Needed to submit."""
    impact: Passage | None = None
    """What came of it. Needed to submit."""


class StrangerIn(In):
    """Somebody who is not a member. Who may see the nomination reads the name; the address is kept sealed until they
    have answered, and read by nobody."""

    email: Email
    name: Name | None = None


class PieceIn(In):
    """Something that everybody can look at."""

    url: WebUrl
    name: Name | None = None
    description: Text | None = None


Nominee = Annotated[str, Field(max_length=100)] | StrangerIn


class NominationIn(In):
    """A nomination of one person, or of a team where the achievement's policy knows teams."""

    achievement: str = Field(max_length=100, description="The id of the achievement.")
    nominee: Nominee | None = Field(
        default=None,
        description="Handle or id of a member, or how a stranger is reached: exactly one of this and `nominees`.",
    )
    nominees: list[Nominee] | None = Field(
        default=None, min_length=1, max_length=50, description="A team, where the policy knows teams."
    )
    statement: StatementIn = StatementIn()
    evidence: list[PieceIn] = Field(
        default_factory=list, max_length=50, description="To submit, as many as the policy asks for (`evidence_min`)."
    )
    previous: Id | None = Field(default=None, description="The nomination of yours that this one takes up again.")
    submit: bool = Field(default=True, description="False keeps it a draft, which nobody else sees.")
    merge: bool = Field(default=False, description="If there is an open one for the same, count this as a second.")

    @model_validator(mode="after")
    def _somebody(self) -> "NominationIn":
        if (self.nominee is None) == (self.nominees is None):
            raise ValueError("name either nominee or nominees")
        return self


class NominationChange(In):
    """What is to read otherwise; what is left out stays."""

    statement: Annotated[StatementIn | None, Stays] = None
    evidence: Annotated[list[PieceIn] | None, Field(max_length=50), Stays] = None
    nominees: Annotated[list[Nominee] | None, Field(min_length=1, max_length=50), Stays] = None


class InvitationsIn(In):
    """Who is asked to second."""

    members: list[Annotated[str, Field(max_length=100)]] = Field(min_length=1, max_length=50)


class SecondIn(In):
    """A reason of one's own."""

    reason: Annotated[Text, Field(max_length=4000)] = Field(
        description="What you saw this person do: at least 20 characters, and three different words."
    )
    publish: bool = Field(default=False, description="Whether the reason, with your name, may go into the badge.")


class WithdrawalIn(In):
    """Why; a steward has to say it. The nominator and stewards read it."""

    reason: Annotated[Text, Field(max_length=2000)] | None = None


@router.post("/v1/communities/{c}/nominations", status_code=201, responses=WAITS)
@once
def nominate(
    c: str,
    body: NominationIn,
    caller: Participant,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    response: Response,
) -> NominationOut:
    """Nominate somebody for what they did."""
    nominator, on, at = person_of(caller), occasion(caller, runtime, now), runtime.installation
    text = writing.Draft(
        achievement=body.achievement,
        nominees=_proposed(body.nominees or ([body.nominee] if body.nominee is not None else [])),
        statement=body.statement.model_dump(exclude_none=True),
        evidence=_evidence(body.evidence),
        previous=body.previous,
    )
    writing.check_evidence(text.evidence, allow_loopback=runtime.settings.allow_loopback)
    case = writing.draft(session, community_by_slug(session, c), nominator, text, at=at, on=on)
    if body.submit:
        case = writing.submit(session, str(case.nomination.id), merge=body.merge, at=at, on=on)
    return _answered(Seen(case, relations_of(case, caller), nominator), response, at=runtime.installation, now=now)


@router.get("/v1/communities/{c}/nominations")
def list_nominations(
    c: str, caller: Participant, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep, pages: PageDep
) -> Listing[NominationOut]:
    """List the nominations of a community that you may see, newest first."""
    community = community_by_slug(session, c)
    rows = select(Nomination).where(Nomination.community_id == community.id, readable(caller))
    found = page(session, rows, pages.window, by=[Nomination.row], newest_first=True)  # type: ignore[list-item]
    listed = pages.show(found, lambda row: seen_row(session, row, caller, now=now))
    items = [shown(each, at=runtime.installation, now=now) for each in listed.items if each is not None]
    return Listing(items=items, next=listed.next)


@router.get("/v1/communities/{c}/nominations/{nomination}")
def read_nomination_of_community(
    c: str,
    nomination: str,
    caller: Participant,
    session: ReadSessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    if_match: IfMatch,
) -> NominationOut:
    """One nomination of a community."""
    found = seen(session, nomination, caller, now=now, community=community_by_slug(session, c).id)
    answer = shown(found, at=runtime.installation, now=now)
    if_match.changed_to(tag_of(answer))
    return answer


@router.get("/v1/nominations/{nomination}")
def read_nomination(
    nomination: str, caller: Concerned, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep, if_match: IfMatch
) -> NominationOut:
    """One nomination, as far as you may see it."""
    found = seen(session, nomination, caller, now=now)
    answer = shown(found, at=runtime.installation, now=now)
    if_match.changed_to(tag_of(answer))
    return answer


@router.patch("/v1/nominations/{nomination}")
def edit_nomination(
    nomination: str,
    body: NominationChange,
    caller: Writing,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    if_match: IfMatch,
) -> NominationOut:
    """Write a draft otherwise; or, where a reviewer asked, mend what is being weighed."""
    found = _as(Relation.nominator, seen(session, nomination, caller, now=now))
    before = tag_of(shown(locked(found, now=now), at=runtime.installation, now=now))
    evidence = None if body.evidence is None else _evidence(body.evidence)
    writing.check_evidence(evidence or [], allow_loopback=runtime.settings.allow_loopback)
    case = writing.edit(
        session,
        nomination,
        statement=None if body.statement is None else body.statement.model_dump(exclude_none=True),
        evidence=evidence,
        nominees=None if body.nominees is None else _proposed(body.nominees),
        at=runtime.installation,
        on=occasion(caller, runtime, now),
    )
    if_match.require(before)
    answer = shown(Seen(case, found.relations, caller.member), at=runtime.installation, now=now)
    if_match.changed_to(tag_of(answer))
    return answer


@router.post("/v1/nominations/{nomination}/submit", responses=WAITS)
@once
def submit(
    nomination: str,
    caller: Writing,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    response: Response,
    merge: Annotated[bool, Query(description="If there is an open one for the same, count this as a second.")] = False,
) -> NominationOut:
    """Submit a draft: from now on it collects seconds."""
    found = _as(Relation.nominator, seen(session, nomination, caller, now=now))
    case = writing.submit(session, nomination, merge=merge, at=runtime.installation, on=occasion(caller, runtime, now))
    return _answered(Seen(case, found.relations, caller.member), response, at=runtime.installation, now=now)


@router.post("/v1/nominations/{nomination}/invitations")
@once
def invite(
    nomination: str,
    body: InvitationsIn,
    caller: Leading,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> NominationOut:
    """Ask members to second; from now on they see the statement."""
    found = _as(Relation.nominator, seen(session, nomination, caller, now=now), or_steward=True)
    asked = [member_named(session, found.case.community, name).id for name in body.members]
    case = seconding.invite(session, nomination, asked, by=caller.member, on=occasion(caller, runtime, now))
    return shown(Seen(case, found.relations, caller.member), at=runtime.installation, now=now)


@router.post("/v1/nominations/{nomination}/seconds", responses=WAITS)
@once
def second(
    nomination: str,
    body: SecondIn,
    caller: Asked,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    response: Response,
) -> NominationOut:
    """Stand behind a nomination, with your own reason."""
    seen(session, nomination, caller, now=now)
    member = person_of(caller)
    case = seconding.second(
        session,
        nomination,
        member,
        body.reason,
        publish=body.publish,
        at=runtime.installation,
        on=occasion(caller, runtime, now),
    )
    return _answered(Seen(case, relations_of(case, caller), member), response, at=runtime.installation, now=now)


@router.delete("/v1/nominations/{nomination}/seconds")
def take_second_back(
    nomination: str, caller: Seconding, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> NominationOut:
    """Take your second back, while nobody weighs the nomination yet."""
    found = seen(session, nomination, caller, now=now)
    member = person_of(caller)
    case = seconding.take_back(session, nomination, member, on=occasion(caller, runtime, now))
    return shown(Seen(case, found.relations, member), at=runtime.installation, now=now)


@router.post("/v1/nominations/{nomination}/withdraw")
@once
def withdraw(
    nomination: str,
    caller: Ending,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    body: WithdrawalIn | None = None,
) -> NominationOut:
    """Take a nomination back before there is an offer: its nominator, a nominee who knows of it, or, saying why, a
    steward."""
    found = seen(session, nomination, caller, now=now)
    if not found.relations & {Relation.nominator, Relation.nominee, Relation.steward}:
        raise Forbidden("A nomination is withdrawn by its nominator, its nominee or a steward.")
    reason = body.reason if body is not None else None
    by_steward = not found.relations & {Relation.nominator, Relation.nominee}
    if by_steward:
        _said(reason, "/reason")
    on = occasion(caller, runtime, now)
    case = writing.withdraw(session, nomination, reason, by_steward=by_steward, on=on)
    return shown(Seen(case, found.relations, caller.member), at=runtime.installation, now=now)


def _as(relation: Relation, found: Seen, *, or_steward: bool = False) -> Seen:
    """Whoever sees a nomination but has another part in it is told so. Raises `Forbidden`."""
    if relation in found.relations or (or_steward and Relation.steward in found.relations):
        return found
    who = f"its {relation}{' or a steward' if or_steward else ''}"
    raise Forbidden(f"This is for {who} to do.", fix="Use the token of whoever that is.")


def _answered(found: Seen, response: Response, *, at: Installation, now: datetime) -> NominationOut:
    """202 where it is done as far as it goes, and goes on once there is somebody who may weigh it."""
    if waits(found):
        response.status_code = 202
    return shown(found, at=at, now=now)


def _said(text: str | None, pointer: str) -> None:
    if not text:
        raise Invalid(errors=[{"pointer": pointer, "message": "say why"}])


def _proposed(named: list[Nominee]) -> list[Proposed]:
    return [Proposed(member=one) if isinstance(one, str) else Proposed(email=one.email, name=one.name) for one in named]


def _evidence(given: list[PieceIn]) -> list[dict[str, str]]:
    return [item.model_dump(exclude_none=True) for item in given]

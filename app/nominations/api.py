"""Doors of those who propose: nominating, editing, submitting, withdrawing."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import Field, model_validator
from sqlmodel import select

from app.credentials.forms import ParticipationIn
from app.kit.addresses import Email, WebUrl
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden, Invalid
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, In, Name, Prose, Stays, Text
from app.kit.strict import router as strict_router
from app.members.auth import occasion
from app.members.service import community_by_slug
from app.nominations import writing
from app.nominations.doors import (
    Concerned,
    Ending,
    Participant,
    Seen,
    Writing,
    having,
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
from app.nominations.views import WAITS, NominationOut, answered, shown, tag_of

router = strict_router(tags=["nominations"])

Passage = Annotated[Prose, Field(min_length=1, max_length=4000)]


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
    participation: ParticipationIn | None = Field(
        default=None, description="Have the badge rest on what the nominee took part in, too, if they agree."
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
    participation: ParticipationIn | None = Field(
        default=None, description="Null: the badge is not to rest on what the nominee took part in."
    )


class WithdrawalIn(In):
    """Why; a steward has to say it. The nominator and stewards read it."""

    reason: Annotated[Prose, Field(max_length=2000)] | None = None


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
        participation=body.participation.wanted() if body.participation is not None else None,
    )
    writing.check_evidence(text.evidence, allow_loopback=runtime.settings.allow_loopback)
    case = writing.draft(session, community_by_slug(session, c), nominator, text, at=at, on=on)
    if body.submit:
        case = writing.submit(session, str(case.nomination.id), merge=body.merge, at=at, on=on)
    return answered(Seen(case, relations_of(case, caller), nominator), response, at=runtime.installation, now=now)


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
    found = having({Relation.nominator}, seen(session, nomination, caller, now=now))
    before = tag_of(shown(locked(found, now=now), at=runtime.installation, now=now))
    evidence = None if body.evidence is None else _evidence(body.evidence)
    writing.check_evidence(evidence or [], allow_loopback=runtime.settings.allow_loopback)
    wanted = body.participation.wanted() if body.participation is not None else None
    case = writing.edit(
        session,
        nomination,
        statement=None if body.statement is None else body.statement.model_dump(exclude_none=True),
        evidence=evidence,
        nominees=None if body.nominees is None else _proposed(body.nominees),
        participation=wanted if "participation" in body.model_fields_set else "stays",
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
    found = having({Relation.nominator}, seen(session, nomination, caller, now=now))
    case = writing.submit(session, nomination, merge=merge, at=runtime.installation, on=occasion(caller, runtime, now))
    return answered(Seen(case, found.relations, caller.member), response, at=runtime.installation, now=now)


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


def _said(text: str | None, pointer: str) -> None:
    if not text:
        raise Invalid(errors=[{"pointer": pointer, "message": "say why"}])


def _proposed(named: list[Nominee]) -> list[Proposed]:
    return [Proposed(member=one) if isinstance(one, str) else Proposed(email=one.email, name=one.name) for one in named]


def _evidence(given: list[PieceIn]) -> list[dict[str, str]]:
    return [item.model_dump(exclude_none=True) for item in given]

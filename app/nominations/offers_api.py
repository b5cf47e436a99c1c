"""Doors of those who were nominated: reading what they are offered, and answering it, in person or by their link."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field, Strict

from app.credentials.editions import newest_edition
from app.credentials.rules import Visibility
from app.credentials.tables import Credential
from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep, take_back
from app.kit.errors import Forbidden
from app.kit.idempotency import once
from app.kit.occasions import Occasion
from app.kit.schemas import In, Out, Text
from app.kit.strict import router as strict_router
from app.members.auth import occasion, require_own
from app.nominations import answering
from app.nominations.answering import Answer
from app.nominations.doors import Concerned, Inspecting, Nominated, Seen, person_of, seen
from app.nominations.offer_views import OfferOut, PreviewOut, offered, previewed
from app.nominations.refusals import NoSuchOffer, NotYours
from app.nominations.sight import Relation, StateTold
from app.nominations.tables import Nominee
from app.nominations.views import NominationOut, shown

router = strict_router(tags=["offers"])

ValidateOnly = Annotated[
    bool, Query(description="A dry run: the same refusals and the same answer, and nothing is kept, its ids included.")
]

OfNominee = Annotated[str | None, Query(max_length=100, description="Of a team: whose badge, by the nominee's id.")]


class ResponseIn(In):
    """The nominee's answer. Nobody is asked for the reason of a refusal; stewards see that there was one, and who
    nominated hears no more than `closed`."""

    response: Literal["accept", "refuse"]
    visibility: Annotated[Visibility, Strict(False)] = Visibility.private
    narrative: Text | None = Field(
        default=None, description="The narrative with whole sentences left out, or empty; left out, it stays as it is."
    )
    text_version: Annotated[int, Field(ge=1)] | None = Field(
        default=None,
        description="Of the offer that you read: if it has changed since, nothing is answered. Once another narrative "
        "was agreed on, nobody accepts without this or `digest`.",
    )
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = Field(
        default=None, description="Of the offer that you read; the same holds as of `text_version`."
    )
    participation: bool = Field(
        default=False,
        description="True has what you took part in signed with the badge, where the offer tells of that; else it is "
        "left out.",
    )
    never_add: bool = Field(default=False, description="With a refusal: nobody here may ever ask you again.")


class LinkAnswerOut(Out):
    """An offer that was answered by its link. `signed` is the badge, shown this once; null while it is not signed."""

    state: StateTold
    credential: UUID | None
    signed: str | None
    """Open Badges 3.0 as JSON, byte for byte."""


@router.get("/v1/nominations/{nomination}/offer")
def read_offer(
    nomination: str, caller: Concerned, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep
) -> OfferOut:
    """What you are offered, word for word, and the badge as it would be issued."""
    found = seen(session, nomination, caller, now=now)
    nominee = found.case.asked(found.member)
    if nominee is None:
        raise NoSuchOffer("Nothing is offered to you here.")
    at, on = runtime.installation, occasion(caller, runtime, now)
    return offered(found.case, nominee, whole=not caller.borrowed, at=at, on=on)


@router.get("/v1/nominations/{nomination}/preview")
def preview_badge(
    nomination: str,
    caller: Inspecting,
    session: ReadSessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    nominee: Annotated[
        str | None, Query(max_length=100, description="Of a team: whose badge, by the nominee's id.")
    ] = None,
) -> PreviewOut:
    """The badge exactly as it would be issued now, for the stewards and for those who weigh the nomination."""
    found = seen(session, nomination, caller, now=now)
    if not found.relations & {Relation.steward, Relation.reviewer}:
        raise Forbidden("Stewards and reviewers look at the badge before it is offered.")
    nominees = found.case.nominees
    chosen = next((each for each in nominees if nominee in {None, str(each.id)}), None)
    if chosen is None:
        raise Forbidden("That is no nominee of this nomination.", fix="Choose one of `nominees` of the nomination.")
    at, on = runtime.installation, occasion(caller, runtime, now)
    return previewed(found.case, chosen, at=at, on=on)


@router.post("/v1/nominations/{nomination}/response")
@once
def respond(
    nomination: str,
    body: ResponseIn,
    caller: Nominated,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    validate_only: ValidateOnly = False,
) -> NominationOut:
    """Accept or refuse what you were nominated for; nobody can do it for you."""
    if body.participation or body.digest is not None:
        require_own(caller)  # nobody answers to what is not told to them
    found = seen(session, nomination, caller, now=now)
    _own(found)
    case, _ = answering.answer(
        session,
        nomination,
        person_of(caller),
        _answer(body),
        at=runtime.installation,
        on=occasion(caller, runtime, now),
    )
    answer = shown(Seen(case, found.relations, found.member), at=runtime.installation, now=now)
    if validate_only:
        take_back(session)
    return answer


@router.get("/v1/offers/{link}", dependencies=[public])
def read_offer_by_link(link: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> OfferOut:
    """What you are offered by a link in a letter; looking at it uses nothing up."""
    on = Occasion(actor="recipient", now=now, ids=runtime.ids)
    case, nominee = answering.offered_by(session, link, at=runtime.installation, on=on)
    return offered(case, nominee, whole=True, at=runtime.installation, on=on)


@router.post("/v1/offers/{link}", dependencies=[public])
@once
def respond_by_link(
    link: str,
    body: ResponseIn,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    validate_only: ValidateOnly = False,
) -> LinkAnswerOut:
    """Answer an offer by its single-use link, without a token."""
    on = Occasion(actor="recipient", now=now, ids=runtime.ids)
    _, nominee = answering.answer_link(session, link, _answer(body), at=runtime.installation, on=on)
    credential = session.get(Credential, nominee.credential_id) if nominee.credential_id else None
    answer = LinkAnswerOut(
        state=nominee.state.value if nominee.state is not None else "",
        credential=nominee.credential_id,
        signed=newest_edition(session, credential).data_integrity if credential else None,
    )
    if validate_only:
        take_back(session)
    return answer


def _own(found: Seen) -> Nominee:
    """The offer of whoever is calling. Raises `NotYours`."""
    nominee = found.case.nominee(found.member)
    if nominee is None:
        raise NotYours("Only the nominee answers, in person.")
    return nominee


def _answer(body: ResponseIn) -> Answer:
    return Answer(
        accepts=body.response == "accept",
        visibility=body.visibility,
        narrative=body.narrative,
        text_version=body.text_version,
        digest=body.digest,
        participation=body.participation,
        never_add=body.never_add,
    )

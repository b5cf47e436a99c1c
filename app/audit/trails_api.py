"""Doors: the walk from a badge to contributions, events and people, as far as the viewer may go, and back."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlmodel import Session

from app.achievements.service import version_of
from app.audit import service, trails
from app.audit.trails import Ground, Grounds, Step
from app.contributions.listing import contribution_by_id
from app.contributions.views import ContributionOut
from app.contributions.views import shown as contributions_shown
from app.credentials.published import visible
from app.credentials.recipients import name_of
from app.credentials.service import state_of
from app.credentials.signing import credential_url
from app.credentials.tables import Credential, Recipient
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep
from app.kit.paging import Listing, PageDep
from app.kit.publishing import Place
from app.kit.schemas import Id, Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowOf, SignedIn, onlooker
from app.members.rules import Scope
from app.members.service import community_by_slug
from app.nominations.consenting import SECOND
from app.nominations.doors import Seen, seen_row
from app.nominations.sight import Relation
from app.nominations.tables import Nomination
from app.nominations.views import PersonOut
from app.nominations.views import shown as nomination_shown

router = strict_router(tags=["trails"])

Somebody = Annotated[Caller, Depends(SignedIn())]
Fellow = Annotated[Caller, Depends(FellowOf())]


class GroundOut(Out):
    """Something that the badge rests on, signed or pinned by it."""

    kind: Grounds
    id: UUID
    url: str
    """Where it is served, byte for byte as the badge pins it. Its `standing` is where what stands today is told."""
    contributions: int
    """How many it cites."""


class PartOut(Out):
    """Somebody on the way, as far as you may know of them."""

    part: str
    """`recipient`, `nominator` or `seconder`."""
    member: UUID | None
    """For people of the community."""
    name: str


class CitedEventOut(Out):
    """The event of the journal by which a contribution was recorded, as the badge cites it."""

    seq: int
    hash: str


class StepOut(Out):
    """A contribution that the badge rests on."""

    id: UUID
    type: str
    stands: bool
    """Whether it stands today as it did: neither taken back nor corrected since, and still the holder's."""
    event: CitedEventOut | None
    """Null where it is cited without one."""
    contribution: ContributionOut | None
    """For people of the community: what it was, and who else had part in it."""


class HappenedOut(Out):
    """An event of the journal that you may read."""

    seq: int
    at: datetime
    type: str
    about: UUID
    """A contribution, the badge or its nomination."""
    hash: str


class TrailOut(Out):
    """From a badge to what it rests on."""

    credential: UUID
    url: str
    achievement: UUID
    achievement_name: str
    nomination: UUID | None
    """Where you may see it."""
    rests_on: list[GroundOut]
    people: list[PartOut]
    contributions: list[StepOut]
    events: list[HappenedOut]
    """In order: those of its contributions, for people of the community; of the badge itself, for its recipient and
    stewards; of its nomination, for stewards without a stake in it."""


class RecognitionOut(Out):
    """A badge that rests on a contribution."""

    credential: UUID
    url: str
    achievement: UUID
    achievement_name: str
    recipient: UUID | None
    """The member."""
    state: str
    by: list[Grounds]
    awarded_at: datetime | None


@router.get("/v1/credentials/{id}/trail")
def read_trail(id: str, caller: Somebody, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> TrailOut:
    """The walk from a signed badge to the contributions that it rests on, what the journal says of them, and the people
    who had part in it: for whoever sees the badge, each as far as they may see that too."""
    place = Place(session, runtime.installation, now, viewer=caller)
    credential = visible(place, id)
    grounds = trails.grounds_of(place, credential)
    steps, nominated = trails.steps_of(session, credential, grounds), _nomination(place, credential)
    return TrailOut(
        credential=credential.id,
        url=credential_url(place.at.public_url, credential),
        achievement=credential.achievement_id,
        achievement_name=_name(session, credential),
        nomination=nominated.case.nomination.id if nominated is not None else None,
        rests_on=[_ground(each) for each in grounds],
        people=_people(place, credential, nominated),
        contributions=_steps(session, credential.community_id, steps, caller),
        events=_events(place, credential, nominated, steps),
    )


@router.get("/v1/communities/{c}/contributions/{contribution_id}/recognitions")
def list_recognitions(
    c: str,
    contribution_id: Id,
    caller: Fellow,
    session: ReadSessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    pages: PageDep,
) -> Listing[RecognitionOut]:
    """List the badges that rest on a contribution, newest first: those of them that you may see."""
    contribution = contribution_by_id(session, community_by_slug(session, c).id, contribution_id)
    place = Place(session, runtime.installation, now, viewer=caller)
    found = trails.recognitions_of(place, contribution, pages.window)
    return pages.show(found, lambda row: _recognition(place, row))


def _recognition(place: Place, credential: Credential) -> RecognitionOut:
    return RecognitionOut(
        credential=credential.id,
        url=credential_url(place.at.public_url, credential),
        achievement=credential.achievement_id,
        achievement_name=_name(place.session, credential),
        recipient=place.session.get_one(Recipient, credential.recipient_id).member_id,
        state=state_of(credential, place.now),
        by=sorted({ground.kind for ground in trails.grounds_of(place, credential)}),
        awarded_at=credential.awarded_at,
    )


def _name(session: Session, credential: Credential) -> str:
    return version_of(session, credential.achievement_id, credential.achievement_version).name


def _ground(ground: Ground) -> GroundOut:
    return GroundOut(kind=ground.kind, id=ground.id, url=ground.url, contributions=len(ground.cited))


def _nomination(place: Place, credential: Credential) -> Seen | None:
    """The nomination of which the badge came, where the viewer may see it."""
    row = place.session.get(Nomination, credential.nomination_id) if credential.nomination_id is not None else None
    return seen_row(place.session, row, place.viewer, now=place.now) if row is not None else None


def _is_here(caller: Caller, community: UUID) -> bool:
    """Whether they may read what people did here, as `FellowOf` has it."""
    return caller.stewards(community) or (caller.member is not None and caller.within(community))


def _people(place: Place, credential: Credential, nominated: Seen | None) -> list[PartOut]:
    recipient = place.session.get_one(Recipient, credential.recipient_id)
    here = _is_here(place.viewer, credential.community_id)
    name = name_of(place.session, recipient)
    found = [PartOut(part="recipient", member=recipient.member_id if here else None, name=name)] if name else []
    if nominated is None:
        # Who agreed to be named in the badge is read by whoever sees it.
        seconds = [each for each in credential.evidence if each.get("genre") == SECOND]
        return found + [PartOut(part="seconder", member=None, name=each["name"]) for each in seconds]
    told = nomination_shown(nominated, at=place.at, now=place.now)
    found += _part("nominator", told.nominator)
    return found + [part for second in told.seconds or [] for part in _part("seconder", second.by)]


def _part(part: str, person: PersonOut | None) -> list[PartOut]:
    return [PartOut(part=part, member=person.id, name=person.name)] if person is not None else []


def _steps(session: Session, community: UUID, steps: list[Step], caller: Caller) -> list[StepOut]:
    here = _is_here(caller, community)
    told = contributions_shown(session, [step.row for step in steps if step.row is not None], caller) if here else {}
    return [
        StepOut(
            id=step.id,
            type=step.type,
            stands=step.stands,
            event=CitedEventOut(**step.event) if step.event is not None else None,
            contribution=told.get(step.id),
        )
        for step in steps
    ]


def _events(place: Place, credential: Credential, nominated: Seen | None, steps: list[Step]) -> list[HappenedOut]:
    session, caller, community = place.session, place.viewer, credential.community_id
    member = session.get_one(Recipient, credential.recipient_id).member_id
    about = {step.id for step in steps} if _is_here(caller, community) else set()
    about |= {credential.id} if onlooker(caller, member, community).in_full else set()
    audits = Scope.audit_read in caller.scopes and nominated is not None and Relation.steward in nominated.relations
    about |= {nominated.case.nomination.id} if nominated is not None and audits else set()
    found = trails.events_about(session, community, about) if about else []
    reader = service.reader(session, community, caller.member, now=place.now) if caller.stewards(community) else None
    withheld = service.withheld(session, reader, found)
    return [
        HappenedOut(seq=e.seq, at=e.occurred_at, type=e.type, about=UUID(e.subject), hash=e.hash)
        for e in found
        if e.seq not in withheld
    ]

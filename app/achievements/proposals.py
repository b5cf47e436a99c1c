"""Use-cases: members propose what should be recognised, support it, and stewards adopt or decline it."""

import hashlib
from dataclasses import asdict, dataclass, fields, replace
from uuid import UUID

from sqlalchemy.orm import defer
from sqlmodel import Session, col, delete, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from app.achievements import service
from app.achievements.proposal_rules import Act, ProposalState, after, shown_to
from app.achievements.service import Wording
from app.achievements.tables import Proposal, ProposalSupport
from app.kit.errors import Conflict, Forbidden, NotFound
from app.kit.journal import Datum, hold
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.people import active_people, people
from app.members.person import Standing, linked
from app.members.rules import Role
from app.members.tables import Community

MOST_DRAFTS = 20
"""Drafts that one member may have: nobody but the stewards sees them, who have to look after all of them."""

_WITHOUT_IMAGE = defer(Proposal.image)  # type: ignore[arg-type]  # a mapped attribute, which SQLModel calls bytes


class NoSuchProposal(NotFound):
    """There is no such proposal in this community, or none that you may see."""

    code = "no-such-proposal"
    fix = "GET …/proposals lists those that are discussed, and your own."


class NoSuchSupport(NotFound):
    """You do not support this proposal."""

    code = "no-such-support"
    fix = "GET …/support lists who does."


class NotTheProposer(Forbidden):
    """Only whoever made the proposal may do this."""

    code = "not-the-proposer"
    fix = "Ask the proposer, or make a proposal of your own."


class OwnProposal(Forbidden):
    """Nobody supports or adopts their own proposal."""

    code = "own-proposal"
    fix = "Ask another member to support it, and another steward to decide."


class NotActive(Forbidden):
    """Proposals are made and supported by people who take part in the community now."""

    code = "not-taking-part"
    fix = "Ask a steward if you are back; bots and those who left propose and support nothing."


class TooManyDrafts(Conflict):
    """You have as many drafts as one member may have."""

    code = "too-many-drafts"
    fix = "Open one for discussion, or withdraw one."


class AlreadySupported(Conflict):
    """You support this proposal already."""

    code = "already-supported"
    fix = "DELETE …/support takes it back; then you may give another reason."


@dataclass(frozen=True)
class Viewer:
    """Who looks at proposals."""

    member: UUID | None
    """None for tokens that are nobody's."""
    steward: bool


def propose(session: Session, community: Community, proposer: UUID, wording: Wording, *, on: Occasion) -> Proposal:
    """A draft, that the proposer and the stewards see.

    Raises `NotActive`, `TooManyDrafts`, and what `service.check` refuses.
    """
    _taking_part(session, community.id, proposer, on=on)
    hold(session, community.id)  # so that drafts are counted one after another
    drafts = select(func.count()).where(Proposal.proposer_id == proposer, Proposal.state == ProposalState.draft)
    if session.exec(drafts).one() >= MOST_DRAFTS:
        raise TooManyDrafts(f"There are {MOST_DRAFTS} drafts of yours.")
    service.check(session, community, wording, on=on)
    proposal = Proposal(
        id=on.ids.row(),
        community_id=community.id,
        proposer_id=proposer,
        state=ProposalState.draft,
        wording=_kept(wording),
        image=wording.image,
        image_given=wording.image is not None,
        created_at=on.now,
    )
    session.add(proposal)
    session.flush()
    _record(session, proposal, "proposal.made", on=on)
    return proposal


def seen_by(community: Community, viewer: Viewer) -> SelectOfScalar[Proposal]:
    """The proposals that somebody of the community may know of, to be paged."""
    rows = select(Proposal).where(Proposal.community_id == community.id)
    if not viewer.steward:
        rows = rows.where(or_(col(Proposal.opened_at).is_not(None), Proposal.proposer_id == viewer.member))
    return rows.options(_WITHOUT_IMAGE)


def named(session: Session, community: Community, id: str, viewer: Viewer, *, lock: bool = False) -> Proposal:
    """A proposal that the viewer may see; with `lock`, nobody else changes it meanwhile. Raises `NoSuchProposal`."""
    try:
        rows = select(Proposal).where(Proposal.id == UUID(id), Proposal.community_id == community.id)
    except ValueError:
        raise NoSuchProposal(f"{id!r} is not the id of a proposal.") from None
    chosen = rows.options(_WITHOUT_IMAGE)
    proposal = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if proposal is None or not shown_to(
        opened=proposal.opened_at is not None,
        proposer=viewer.member == proposal.proposer_id,
        steward=viewer.steward,
    ):
        raise NoSuchProposal(f"{community.slug} has no proposal {id}.")
    return proposal


def wording_of(proposal: Proposal) -> Wording:
    """What an achievement of it would say, but for its image."""
    return Wording(**proposal.wording, image=None)


def change(
    session: Session, community: Community, proposal: Proposal, wording: Wording, *, keep_image: bool, on: Occasion
) -> None:
    """Says it otherwise; with `keep_image`, an image that was given stays.

    Raises `InvalidTransition`, and what `service.check` refuses.
    """
    after(proposal.state, Act.change)
    service.check(session, community, wording, on=on)
    proposal.wording = _kept(wording)
    if not keep_image:
        proposal.image, proposal.image_given = wording.image, wording.image is not None
    _step(session, proposal, Act.change, "proposal.changed", on=on)


def discuss(session: Session, proposal: Proposal, *, on: Occasion) -> None:
    """Shows a draft to the community. Raises `InvalidTransition`."""
    after(proposal.state, Act.open)
    proposal.opened_at = on.now
    _step(session, proposal, Act.open, "proposal.opened", on=on)


def withdraw(session: Session, proposal: Proposal, *, on: Occasion) -> None:
    """The proposer gives it up. Raises `InvalidTransition`."""
    _end(session, proposal, Act.withdraw, "proposal.withdrawn", on=on)


def own(proposal: Proposal, viewer: Viewer) -> None:
    """Raises `NotTheProposer` for everybody else."""
    if viewer.member != proposal.proposer_id:
        raise NotTheProposer("This is somebody else's proposal.")


def support(
    session: Session, proposal: Proposal, member: UUID, comment: str | None, *, on: Occasion
) -> ProposalSupport:
    """A member's word for a proposal, once. Raises `OwnProposal`, `NotActive`, `InvalidTransition`, `AlreadySupported`.

    A unique constraint decides between two at once.
    """
    if _same_person(session, proposal, member, on=on):
        raise OwnProposal("This is your own proposal.")
    _taking_part(session, proposal.community_id, member, on=on)
    after(proposal.state, Act.support)
    given = ProposalSupport(
        id=on.ids.row(),
        proposal_id=proposal.id,
        member_id=member,
        proposal_version=proposal.version,
        comment=comment,
        created_at=on.now,
    )
    if not insert_if_absent(session, given):
        raise AlreadySupported("You said so before.")
    _record(session, proposal, "proposal.supported", {"support": str(given.id)}, on=on)
    return given


def no_longer_support(session: Session, proposal: Proposal, member: UUID, *, on: Occasion) -> None:
    """Takes a member's word back. Raises `NoSuchSupport`, `InvalidTransition`."""
    after(proposal.state, Act.support)
    mine = (ProposalSupport.proposal_id == proposal.id, ProposalSupport.member_id == member)
    given = session.exec(select(ProposalSupport.id).where(*mine)).one_or_none()
    if given is None:
        raise NoSuchSupport("There is nothing to take back.")
    session.exec(delete(ProposalSupport).where(*mine))  # type: ignore[arg-type]  # comparisons, which mypy takes for bools
    _record(session, proposal, "proposal.support_withdrawn", {"support": str(given)}, on=on)


def supporters(proposal: Proposal) -> SelectOfScalar[ProposalSupport]:
    """Who supports a proposal, to be paged."""
    return select(ProposalSupport).where(ProposalSupport.proposal_id == proposal.id)


def support_count(session: Session, proposal: Proposal) -> int:
    """How many support a proposal."""
    return session.exec(select(func.count()).where(ProposalSupport.proposal_id == proposal.id)).one()


def adopt(session: Session, community: Community, proposal: Proposal, steward: UUID | None, *, on: Occasion) -> None:
    """Makes an achievement of a proposal, once: `proposal` has to be locked. `steward` is who decides, if a member.

    Raises `OwnProposal` while another steward could decide, `InvalidTransition`, and what `service.create` refuses.
    """
    _may_decide(session, proposal, steward, on=on)
    after(proposal.state, Act.adopt)
    said = replace(wording_of(proposal), image=proposal.image)
    data: dict[str, Datum] = {
        "proposal": str(proposal.id),
        "proposed_by": str(proposal.proposer_id),
        "discussion": hashlib.sha256(str(said.discussion).encode()).hexdigest(),
        "supporters": support_count(session, proposal),
    }
    version = service.create(session, community, said, on=on, came_of=data)
    proposal.achievement_id = version.achievement_id
    told = {**data, "achievement": str(version.achievement_id)}
    _end(session, proposal, Act.adopt, "proposal.adopted", told, on=on)


def decline(session: Session, proposal: Proposal, steward: UUID | None, feedback: str, *, on: Occasion) -> None:
    """Says no, and why. Raises `OwnProposal` while another steward could decide, `InvalidTransition`."""
    _may_decide(session, proposal, steward, on=on)
    after(proposal.state, Act.decline)
    proposal.feedback = feedback
    _end(session, proposal, Act.decline, "proposal.declined", on=on)


def _may_decide(session: Session, proposal: Proposal, steward: UUID | None, *, on: Occasion) -> None:
    """Nobody decides about their own, unless there is nobody else who could."""
    if steward is None or not _same_person(session, proposal, steward, on=on):
        return
    mine = people(session, proposal.community_id, {steward}, now=on.now)[steward]
    everybody = active_people(session, proposal.community_id, now=on.now)
    if any(person.role is Role.steward and not linked(person, mine) for person in everybody):
        raise OwnProposal("Another steward has to decide about your own proposal.")


def _same_person(session: Session, proposal: Proposal, member: UUID, *, on: Occasion) -> bool:
    both = people(session, proposal.community_id, {member, proposal.proposer_id}, now=on.now)
    return linked(both[member], both[proposal.proposer_id])


def _taking_part(session: Session, community: UUID, member: UUID, *, on: Occasion) -> None:
    person = people(session, community, {member}, now=on.now)[member]
    if person.is_bot or person.standing is Standing.left:
        raise NotActive("A bot cannot." if person.is_bot else "You left this community.")


def _kept(wording: Wording) -> dict[str, object]:
    """What is said, without the image: a column of its own."""
    said = asdict(wording)
    return {field.name: said[field.name] for field in fields(wording) if field.name != "image"}


def _end(
    session: Session, proposal: Proposal, act: Act, happened: str, data: dict[str, Datum] | None = None, *, on: Occasion
) -> None:
    proposal.ended_at, proposal.ended_by = on.now, on.actor
    _step(session, proposal, act, happened, data, on=on)


def _step(
    session: Session, proposal: Proposal, act: Act, happened: str, data: dict[str, Datum] | None = None, *, on: Occasion
) -> None:
    proposal.state = after(proposal.state, act)
    proposal.version += 1
    session.add(proposal)
    session.flush()
    _record(session, proposal, happened, data, on=on)


def _record(
    session: Session, proposal: Proposal, happened: str, data: dict[str, Datum] | None = None, *, on: Occasion
) -> None:
    on.record(session, proposal.community_id, happened, proposal.id, {"version": proposal.version, **(data or {})})

"""What this capability keeps of a member: what they proposed and supported."""

from sqlmodel import Session, col, select, update

from app.achievements.proposal_rules import ProposalState
from app.achievements.proposals import withdraw
from app.achievements.tables import Proposal, ProposalSupport
from app.kit.personal import Kept, Leaving, Part

ERASED = "erased"
OPEN = frozenset({ProposalState.draft, ProposalState.discussed})


def _hold(session: Session, leaving: Leaving) -> None:
    theirs = select(Proposal.id).where(Proposal.proposer_id == leaving.member).order_by(col(Proposal.id))
    session.exec(theirs.with_for_update()).all()


def _erase(session: Session, leaving: Leaving) -> None:
    """What they proposed ends, and says nothing any more; what the community has adopted is the community's."""
    proposed = select(Proposal).where(Proposal.proposer_id == leaving.member, Proposal.state != ProposalState.adopted)
    for proposal in session.exec(proposed.order_by(col(Proposal.id))).all():
        if proposal.state in OPEN:
            withdraw(session, proposal, on=leaving.on)
        said = {"name": ERASED, "description": ERASED, "criteria_narrative": ERASED, "criteria_url": None}
        said |= {"value_to_member": None, "value_to_community": None, "discussion": None}
        proposal.wording = proposal.wording | said | {"tags": [], "alignments": [], "results": []}
        proposal.image, proposal.image_given = None, False
        session.add(proposal)
    theirs = col(ProposalSupport.member_id) == leaving.member
    session.exec(update(ProposalSupport).where(theirs).values(comment=None))
    session.flush()


PART = Part(
    kept=(
        Kept(Proposal, ("proposer_id",)),
        Kept(ProposalSupport, ("member_id",)),
    ),
    hold=_hold,
    erase=_erase,
)

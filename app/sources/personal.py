"""What this capability keeps of a member: accounts that they have said are theirs, and awards that wait for these."""

from sqlmodel import Session, col, delete, select

from app.kit.personal import Kept, Leaving, Part
from app.sources.parking import waits_for
from app.sources.tables import AccountProof, PlatformAward


def _hold(session: Session, leaving: Leaving) -> None:
    waiting = select(PlatformAward.id).where(waits_for(leaving.member)).order_by(col(PlatformAward.id))
    session.exec(waiting.with_for_update()).all()


def _erase(session: Session, leaving: Leaving) -> None:
    session.exec(delete(AccountProof).where(col(AccountProof.member_id) == leaving.member))
    session.exec(delete(PlatformAward).where(waits_for(leaving.member)))


PART = Part(
    kept=(
        Kept(AccountProof, ("member_id",), without=frozenset({"digest"})),
        Kept(PlatformAward, which=waits_for, without=frozenset({"key", "named", "address", "claim", "asked"})),
    ),
    hold=_hold,
    erase=_erase,
)

"""What this capability keeps of a member: what they were told, by mail too, and how they wanted it."""

from sqlmodel import Session, col, delete

from app.kit.personal import Kept, Leaving, Part
from app.notifications.tables import Choice, Mail, Told


def _erase(session: Session, leaving: Leaving) -> None:
    """Mails hold no words of what they tell, and are sent to nobody who has left."""
    session.exec(delete(Told).where(col(Told.member_id) == leaving.member))
    session.exec(delete(Choice).where(col(Choice.member_id) == leaving.member))


PART = Part(
    kept=(
        Kept(Told, ("member_id",)),
        Kept(Choice, ("member_id",)),
        Kept(Mail, ("member_id",), without=frozenset({"sealed", "lease", "lease_ends"})),
    ),
    erase=_erase,
)

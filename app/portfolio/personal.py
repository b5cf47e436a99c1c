"""What this capability keeps of a member: what they chose to show, to whom by link or signed, and what they brought."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, delete

from app.kit.personal import Kept, Leaving, Part
from app.portfolio.tables import ImportedBadge, ImportedOriginal, PortfolioChoice, PortfolioLink, Presentation


def _erase(session: Session, leaving: Leaving) -> None:
    session.exec(delete(ImportedOriginal).where(_brought(leaving.member)))
    for table in (PortfolioChoice, PortfolioLink, Presentation, ImportedBadge):
        session.exec(delete(table).where(col(table.member_id) == leaving.member))


def _brought(member: UUID) -> sa.ColumnElement[bool]:
    theirs = sa.select(col(ImportedBadge.id)).where(col(ImportedBadge.member_id) == member)
    return col(ImportedOriginal.import_id).in_(theirs)


PART = Part(
    kept=(
        Kept(PortfolioChoice, ("member_id",)),
        Kept(PortfolioLink, ("member_id",), without=frozenset({"digest"})),
        # What it was signed for stands in what was signed.
        Kept(Presentation, ("member_id",), without=frozenset({"challenge"})),
        Kept(ImportedBadge, ("member_id",), without=frozenset({"lease", "lease_ends"})),
        Kept(ImportedOriginal, which=_brought),
    ),
    erase=_erase,
)

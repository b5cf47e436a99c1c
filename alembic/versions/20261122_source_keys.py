"""Of the keys of what platforms told, and of what somebody did who was erased, only digests stay."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_source_keys"
down_revision = "20261122_account_proofs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    uuid = sa.Uuid()
    contribution = sa.table("contribution", sa.column("id", uuid), sa.column("source"), sa.column("dedupe_key"))
    credit = sa.table("credit", sa.column("contribution_id", uuid), sa.column("member_id", uuid))
    member = sa.table("member", sa.column("id", uuid), sa.column("erased_at"))
    erased = sa.select(credit.c.contribution_id).where(
        credit.c.member_id == member.c.id, member.c.erased_at.is_not(None)
    )
    its = sa.or_(contribution.c.source.like("source:%"), contribution.c.id.in_(erased))
    op.execute(sa.update(contribution).where(its).values(dedupe_key=None))


def downgrade() -> None:
    """What was taken away is not known any more."""

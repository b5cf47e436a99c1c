"""Who left and is a member again is `member.readmitted`: communities that have ended take no such beginning either."""

from alembic import op

revision = "20261122_readmitted"
down_revision = "20261122_invited"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE chain SET closed_to = REPLACE(closed_to, 'member.returned', 'member.readmitted')")


def downgrade() -> None:
    op.execute("UPDATE chain SET closed_to = REPLACE(closed_to, 'member.readmitted', 'member.returned')")
